// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.util.List;

/**
 * The encoding of one instruction.
 *
 * @param mnemonic lower case, for the assembler
 * @param opcode value of the opcode field
 * @param fields without the opcode, in the order of the assembler
 */
public record Format(String mnemonic, int opcode, List<Field> fields, String meaning) {

  /** Index of a field in {@link #fields}. */
  public int index(String field) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(field)) {
        return i;
      }
    }
    throw new IllegalArgumentException(mnemonic + " has no field " + field);
  }

  /** Bits up to the highest field, opcode included. */
  public int bits() {
    return fields.stream().mapToInt(Field::msb).max().orElse(-1) + 1;
  }
}
