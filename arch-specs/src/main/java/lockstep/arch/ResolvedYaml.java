// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.util.SortedSet;
import lockstep.arch.quantisation.Quantisation;
import lockstep.arch.quantisation.QuantisationSpec;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicMapping;
import lockstep.arch.systolic.SystolicSpec;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.arch.vliw.VliwMapping;
import lockstep.arch.vliw.VliwSpec;

/** A machine's canonical text: every key, in a fixed order, each number in one way only. */
public final class ResolvedYaml {
  private ResolvedYaml() {}

  /**
   * The text; loading it gives an equal machine, quantisation and mapping.
   *
   * @param without the passes of the compiler that are left out
   */
  public static String of(
      Architecture architecture,
      Quantisation quantisation,
      Mapping mapping,
      SortedSet<String> without) {
    String chosen =
        switch (mapping) {
          case SystolicMapping systolic -> systolic.yaml();
          case VliwMapping vliw -> vliw.yaml();
        };
    return of(architecture)
        + QuantisationSpec.yaml(quantisation)
        + chosen
        + "without: ["
        + String.join(", ", without)
        + "]\n";
  }

  /** The machine's text; loading it gives an equal machine. */
  public static String of(Architecture architecture) {
    return switch (architecture) {
      case SystolicArchitecture systolic -> SystolicSpec.yaml(systolic);
      case VliwArchitecture vliw -> VliwSpec.yaml(vliw);
    };
  }

  /** A number as this text writes it: without a fraction where it has none. */
  public static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
