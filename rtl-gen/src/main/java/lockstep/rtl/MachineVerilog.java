// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.Map;
import lockstep.arch.Architecture;

/**
 * A machine and the Verilog that claims to be it. Everything that builds, compares or reproduces
 * takes this pair, so that text with a mistake in it goes the same way as the generated one.
 *
 * @param <A> the machine's family
 * @param files text by file name
 */
public record MachineVerilog<A extends Architecture>(A machine, Map<String, String> files) {

  /** The machine with the Verilog generated for it. */
  public static <A extends Architecture> MachineVerilog<A> of(A machine) {
    return new MachineVerilog<>(machine, Generator.of(machine).verilog());
  }
}
