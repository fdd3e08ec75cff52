// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An instruction set with words of one length, little-endian in memory: the one table from which
 * assembler, disassembler, simulator, manual, C header and Verilog decode are made.
 *
 * @param opcodeBits width of the opcode field, at bit 0 of every word
 * @param wordBytes a power of two, at least 8
 */
public record InstructionSet(String name, int opcodeBits, int wordBytes, List<Format> formats) {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  public InstructionSet {
    if (wordBytes < Long.BYTES) {
      throw new IllegalArgumentException("instruction words of " + wordBytes + " bytes");
    }
  }

  /** An instruction as field values, in the order of its format's fields. */
  public record Decoded(Format format, long[] values) {
    public long get(String field) {
      return values[format.index(field)];
    }
  }

  /** The same under another name. */
  public InstructionSet named(String other) {
    return new InstructionSet(other, opcodeBits, wordBytes, formats);
  }

  public Format format(String mnemonic) {
    return formats.stream()
        .filter(f -> f.mnemonic().equals(mnemonic))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no instruction " + mnemonic));
  }

  /**
   * Writes one instruction at {@code offset}.
   *
   * @throws IllegalArgumentException if a value does not fit its field, naming the field
   */
  public void encode(Format format, long[] values, byte[] target, int offset) {
    for (int i = 0; i < wordBytes; i++) {
      target[offset + i] = 0;
    }
    put(target, offset, 0, opcodeBits, format.opcode());
    for (int i = 0; i < values.length; i++) {
      Field f = format.fields().get(i);
      if (values[i] < f.min() || values[i] > f.max()) {
        throw new IllegalArgumentException(
            "%s.%s = %d does not fit %d %s bits"
                .formatted(
                    format.mnemonic(),
                    f.name(),
                    values[i],
                    f.bits(),
                    f.signed() ? "signed" : "unsigned"));
      }
      put(target, offset, f.lsb(), f.bits(), values[i]);
    }
  }

  /**
   * Reads the instruction at {@code offset}.
   *
   * @throws IllegalArgumentException if its opcode is not of this set
   */
  public Decoded decode(byte[] source, int offset) {
    int opcode = (int) get(source, offset, 0, opcodeBits);
    for (Format format : formats) {
      if (format.opcode() == opcode) {
        List<Field> fields = format.fields();
        long[] values = new long[fields.size()];
        for (int i = 0; i < values.length; i++) {
          Field f = fields.get(i);
          long raw = get(source, offset, f.lsb(), f.bits());
          int above = Long.SIZE - f.bits();
          values[i] = f.signed() ? raw << above >> above : raw;
        }
        return new Decoded(format, values);
      }
    }
    throw new IllegalArgumentException("opcode " + opcode + " is not of " + name);
  }

  private static void put(byte[] target, int offset, int lsb, int bits, long value) {
    int done = 0;
    while (done < bits) {
      int bit = lsb + done;
      int room = Math.min(8 - (bit & 7), bits - done);
      int mask = (1 << room) - 1;
      target[offset + (bit >> 3)] |= (byte) (((value >> done) & mask) << (bit & 7));
      done += room;
    }
  }

  /**
   * A field of at most 32 bits is in the eight bytes from its first, or in the word's last eight.
   */
  private long get(byte[] source, int offset, int lsb, int bits) {
    int from = Math.min(lsb >> 3, wordBytes - Long.BYTES);
    long eight = (long) LONG.get(source, offset + from);
    return eight >>> (lsb - 8 * from) & (1L << bits) - 1;
  }
}
