// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.util.regex.Pattern;

/** Names of layers as a spec selects them: {@code *} for any characters, {@code ?} for one. */
public final class NamePattern {
  private NamePattern() {}

  /** Whether a pattern stands for a name. */
  public static boolean matches(String pattern, String name) {
    var regex = new StringBuilder();
    for (char each : pattern.toCharArray()) {
      switch (each) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(each)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(name).matches();
  }
}
