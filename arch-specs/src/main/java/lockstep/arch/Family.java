// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;
import tools.jackson.databind.JsonNode;

/** The families of machines, as the key {@code family} of a machine file names them. */
public enum Family {
  SYSTOLIC,
  VLIW;

  /** The word that a machine file uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The family that a machine is of. */
  public static Family of(Architecture machine) {
    return switch (machine) {
      case SystolicArchitecture _ -> SYSTOLIC;
      case VliwArchitecture _ -> VLIW;
    };
  }

  /** All families' words, for messages. */
  public static String words() {
    return Arrays.stream(values()).map(Family::word).collect(Collectors.joining(", "));
  }

  static Family of(JsonNode tree, Mistakes mistakes) {
    JsonNode word = tree.get("family");
    if (word == null) {
      mistakes.at("", "`family` is missing; add for example family: systolic");
      return SYSTOLIC;
    }
    for (Family family : values()) {
      if (word.isString() && word.stringValue().equals(family.word())) {
        return family;
      }
    }
    mistakes.at("/family", "`family` must be one of " + words() + ", but is " + word);
    return SYSTOLIC;
  }
}
