// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Programs as they lie in memory: of each instruction only the 32-bit words that differ from those
 * of the instruction with the same opcode before it.
 *
 * <pre>
 * header   opcode 1:0, fields of every instruction 9:2, mask 31:10
 * mask     bit 10 + k: word k + 1 follows; words that do not follow are as they were
 * words    those of the mask, the lowest first
 * </pre>
 *
 * All words are 0 at the start of a program. An <em>expanded</em> instruction is the header with an
 * empty mask and all its words; {@link InstructionSet} describes these.
 */
public final class InstructionStream {
  /** Bytes of a header and of each word after it. */
  public static final int WORD_BYTES = 4;

  /** Lowest bit of the header's mask. */
  public static final int MASK_LSB = 10;

  /** Words that can follow a header. */
  public static final int MOST_WORDS = 32 - MASK_LSB;

  private static final int OPCODES = 4;
  private static final int OPCODE_MASK = OPCODES - 1;
  private static final int FIELD_MASK = (1 << MASK_LSB) - 1;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private InstructionStream() {}

  /**
   * The stream of {@code count} expanded instructions.
   *
   * @param words {@code instructionBytes} for each
   */
  public static byte[] compress(byte[] words, int instructionBytes, int count) {
    int each = instructionBytes / WORD_BYTES;
    int[][] before = new int[OPCODES][each];
    ByteArrayOutputStream stream = new ByteArrayOutputStream(count * WORD_BYTES * 4);
    for (int i = 0; i < count; i++) {
      int at = i * instructionBytes;
      int header = (int) INT.get(words, at);
      if ((header & ~FIELD_MASK) != 0) {
        throw new IllegalArgumentException("instruction " + i + " has bits set in its mask");
      }
      int[] last = before[header & OPCODE_MASK];
      int mask = 0;
      for (int k = 1; k < each; k++) {
        mask |= (int) INT.get(words, at + k * WORD_BYTES) == last[k] ? 0 : 1 << k - 1;
      }
      put(stream, header | mask << MASK_LSB);
      for (int k = 1; k < each; k++) {
        if ((mask >>> k - 1 & 1) != 0) {
          last[k] = (int) INT.get(words, at + k * WORD_BYTES);
          put(stream, last[k]);
        }
      }
    }
    return stream.toByteArray();
  }

  /**
   * The first {@code count} instructions of the stream that begins at {@code offset}.
   *
   * @throws IllegalArgumentException if the stream ends before, or names a word that instructions
   *     of {@code instructionBytes} do not have
   */
  public static Expanded expand(byte[] stream, int offset, int instructionBytes, int count) {
    int each = instructionBytes / WORD_BYTES;
    int[][] before = new int[OPCODES][each];
    byte[] words = new byte[Math.multiplyExact(instructionBytes, count)];
    int[] ends = new int[count];
    int at = offset;
    for (int i = 0; i < count; i++) {
      int header = get(stream, at, i);
      at += WORD_BYTES;
      int[] last = before[header & OPCODE_MASK];
      int mask = header >>> MASK_LSB;
      if (each <= MOST_WORDS && mask >>> each - 1 != 0) {
        throw new IllegalArgumentException(
            "instruction %d has a word beyond its %d bytes".formatted(i, instructionBytes));
      }
      for (int k = 1; k < each; k++) {
        if ((mask >>> k - 1 & 1) != 0) {
          last[k] = get(stream, at, i);
          at += WORD_BYTES;
        }
        INT.set(words, i * instructionBytes + k * WORD_BYTES, last[k]);
      }
      INT.set(words, i * instructionBytes, header & FIELD_MASK);
      ends[i] = at - offset;
    }
    return new Expanded(words, ends);
  }

  private static int get(byte[] stream, int at, int instruction) {
    if (at + WORD_BYTES > stream.length) {
      throw new IllegalArgumentException(
          "the instructions end in instruction " + instruction + ", at byte " + stream.length);
    }
    return (int) INT.get(stream, at);
  }

  private static void put(ByteArrayOutputStream stream, int word) {
    byte[] bytes = new byte[WORD_BYTES];
    INT.set(bytes, 0, word);
    stream.writeBytes(bytes);
  }

  /** The stream with zeros up to a multiple of {@code bytes}. */
  public static byte[] padded(byte[] stream, int bytes) {
    return Arrays.copyOf(stream, Math.ceilDiv(stream.length, bytes) * bytes);
  }
}
