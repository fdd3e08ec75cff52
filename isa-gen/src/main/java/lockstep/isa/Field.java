// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

/**
 * One bit field of an instruction.
 *
 * @param name snake_case, unique in its format
 * @param lsb position of the lowest bit in the instruction word
 * @param bits width, 1 to 32
 * @param signed two's complement if true
 * @param meaning one sentence for the manual
 */
public record Field(String name, int lsb, int bits, boolean signed, String meaning) {
  public Field {
    if (bits < 1 || bits > 32 || lsb < 0) {
      throw new IllegalArgumentException("field " + name + ": bits " + bits + " at " + lsb);
    }
  }

  public int msb() {
    return lsb + bits - 1;
  }

  public long min() {
    return signed ? -(1L << (bits - 1)) : 0;
  }

  public long max() {
    return signed ? (1L << (bits - 1)) - 1 : (1L << bits) - 1;
  }
}
