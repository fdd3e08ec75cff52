// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.registers;

import java.util.List;

/**
 * All registers behind one control port; Verilog, {@link RegisterManual} and {@link RegisterRdl}
 * are written from it.
 *
 * @param name identifier
 * @param bytes size of the address range; what is in it and no register reads as 0
 * @param registers by rising offset, not overlapping
 */
public record RegisterMap(String name, String title, int bytes, List<Register> registers) {
  /** Checks places and names. */
  public RegisterMap {
    registers = List.copyOf(registers);
    int next = 0;
    for (Register r : registers) {
      if (r.offset() < next || r.offset() + r.bits() / 8 > bytes) {
        throw new IllegalArgumentException("register " + r.name() + " lies wrong");
      }
      next = r.offset() + r.bits() / 8;
    }
    if (registers.stream().map(Register::name).distinct().count() != registers.size()) {
      throw new IllegalArgumentException("two registers of one name");
    }
  }

  /** The register of a name. */
  public Register register(String wanted) {
    return registers.stream()
        .filter(r -> r.name().equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no register " + wanted));
  }
}
