// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.Map;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.rtl.systolic.SystolicVerilog;

/**
 * A machine and the Verilog that claims to be it. Everything that builds, compares or reproduces
 * takes this pair, so that text with a mistake in it goes the same way as the generated one.
 *
 * @param files text by file name
 */
public record MachineVerilog(SystolicArchitecture machine, Map<String, String> files) {

  /** The machine with the Verilog generated for it. */
  public static MachineVerilog of(SystolicArchitecture machine) {
    return new MachineVerilog(machine, SystolicVerilog.generate(machine));
  }
}
