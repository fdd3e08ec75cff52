// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import lockstep.arch.vliw.VliwArchitecture;

/** The vector registers, little-endian bytes, and the results on their way to them. */
final class VectorRegisters {
  /** More than the longest latency, a power of two. */
  private static final int STEPS = 32;

  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int width;
  private final int registers;
  private final byte[] values;
  private final int most;
  private final int[] pending = new int[STEPS];
  private final int[] targets;
  private final int[] lengths;
  private final byte[] results;

  VectorRegisters(VliwArchitecture machine) {
    var slots = machine.slots();
    width = machine.registers().vector().widthBytes();
    registers = machine.registers().vector().count();
    values = new byte[registers * width];
    most =
        slots.load().count()
            + slots.vector().count()
            + slots.special().count()
            + slots.permute().count();
    targets = new int[STEPS * most];
    lengths = new int[STEPS * most];
    results = new byte[STEPS * most * width];
  }

  /** Begins step {@code now}: its results arrive. */
  void begin(long now) {
    int at = (int) now & STEPS - 1;
    for (int i = at * most; i < at * most + pending[at]; i++) {
      System.arraycopy(results, i * width, values, targets[i], lengths[i]);
    }
    pending[at] = 0;
  }

  /** All registers, one after the other. */
  byte[] values() {
    return values;
  }

  /** First byte of the register that is {@code next} after {@code register}. */
  int offset(int register, int next) {
    return (register + next) % registers * width;
  }

  /** Lane {@code i} of the register that is {@code next} after {@code register}. */
  int lane(int register, int next, int i) {
    return (int) INT.get(values, offset(register, next) + i * VliwArchitecture.WORD_BYTES);
  }

  /** The bytes that {@link #result} and {@link #quarter} leave room in. */
  byte[] results() {
    return results;
  }

  /** Room for a result that is in {@code register} from step {@code arrival} on. */
  int result(int register, long arrival) {
    return room(register * width, width, arrival);
  }

  /** The same for a quarter of the register. */
  int quarter(int register, int quarter, long arrival) {
    int bytes = width / VliwArchitecture.WORD_BYTES;
    return room(register * width + quarter * bytes, bytes, arrival);
  }

  private int room(int target, int length, long arrival) {
    int at = (int) arrival & STEPS - 1;
    int i = at * most + pending[at]++;
    targets[i] = target;
    lengths[i] = length;
    return i * width;
  }
}
