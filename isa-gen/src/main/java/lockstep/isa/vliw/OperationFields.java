// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import java.util.ArrayList;
import java.util.List;
import lockstep.isa.Field;
import lockstep.isa.Format;

/** Packs the fields of one operation of a slot behind its opcode, the first lowest. */
final class OperationFields {
  private final List<Field> fields = new ArrayList<>();
  private int next;

  OperationFields(int opcodeBits) {
    next = opcodeBits;
  }

  OperationFields add(String name, int bits, String meaning) {
    return add(name, bits, false, meaning);
  }

  OperationFields addSigned(String name, int bits, String meaning) {
    return add(name, bits, true, meaning);
  }

  private OperationFields add(String name, int bits, boolean signed, String meaning) {
    fields.add(new Field(name, next, bits, signed, meaning));
    next += bits;
    return this;
  }

  Format format(String mnemonic, int opcode, String meaning) {
    return new Format(mnemonic, opcode, List.copyOf(fields), meaning);
  }
}
