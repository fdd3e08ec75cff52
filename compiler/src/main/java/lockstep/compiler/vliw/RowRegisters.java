// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import lockstep.compiler.vliw.Register.File;

/** Vector registers from the end of the file on. */
final class RowRegisters {
  private static final int FIRST_ID = 600;

  private final Map<Register, Integer> numbers = new LinkedHashMap<>();
  private int free;

  RowRegisters(TileForm form) {
    free = form.machine().registers().vector().count();
  }

  /** So many in a row, as one. */
  Register take(int size) {
    free -= size;
    Register register = new Register(File.VECTOR, FIRST_ID + numbers.size(), size);
    numbers.put(register, free);
    return register;
  }

  Register[] take(int count, int size) {
    Register[] all = new Register[count];
    for (int i = 0; i < count; i++) {
      all[i] = take(size);
    }
    return all;
  }

  Map<Register, Integer> numbers() {
    return Collections.unmodifiableMap(numbers);
  }

  /** Writes {@code value} to all lanes of register {@code offset} of one. */
  Operation splat(Register register, int offset, int value) {
    return WayOut.splat(java.util.Objects.requireNonNull(numbers.get(register)) + offset, value);
  }

  /** Whether the file has them. */
  boolean fit() {
    return free >= 0;
  }
}
