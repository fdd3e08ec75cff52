// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Signed codes of constant weights, one after the other, in one or two bytes each. They are filled
 * once and then shared; nobody writes to them. Equality is that of contents.
 */
public sealed interface CodeArray {

  int length();

  int get(int index);

  /** Only for who has just made it. */
  void set(int index, int code);

  /** Writes one code at indices {@code from .. to - 1}. */
  void fill(int from, int to, int code);

  /** Bits that each code has room for. */
  int bits();

  /** The codes in their order. */
  default IntStream stream() {
    return IntStream.range(0, length()).map(this::get);
  }

  /** Zeros with the same room for each. */
  CodeArray like(int length);

  /** Zeros with room for codes of so many bits, 16 at most. */
  static CodeArray zeros(int length, int bits) {
    if (bits > Short.SIZE) {
      throw new IllegalArgumentException("codes of " + bits + " bits");
    }
    return bits <= Byte.SIZE ? new Int8(new byte[length]) : new Int16(new short[length]);
  }

  /** Codes from -128 to 127. */
  record Int8(byte[] values) implements CodeArray {
    @Override
    public int length() {
      return values.length;
    }

    @Override
    public int get(int index) {
      return values[index];
    }

    @Override
    public void set(int index, int code) {
      values[index] = (byte) code;
    }

    @Override
    public void fill(int from, int to, int code) {
      Arrays.fill(values, from, to, (byte) code);
    }

    @Override
    public int bits() {
      return Byte.SIZE;
    }

    @Override
    public Int8 like(int length) {
      return new Int8(new byte[length]);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Int8 other && Arrays.equals(values, other.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }

  /** Codes from -32768 to 32767. */
  record Int16(short[] values) implements CodeArray {
    @Override
    public int length() {
      return values.length;
    }

    @Override
    public int get(int index) {
      return values[index];
    }

    @Override
    public void set(int index, int code) {
      values[index] = (short) code;
    }

    @Override
    public void fill(int from, int to, int code) {
      Arrays.fill(values, from, to, (short) code);
    }

    @Override
    public int bits() {
      return Short.SIZE;
    }

    @Override
    public Int16 like(int length) {
      return new Int16(new short[length]);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Int16 other && Arrays.equals(values, other.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }
}
