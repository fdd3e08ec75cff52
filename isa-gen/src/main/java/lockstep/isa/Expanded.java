// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

/**
 * The instructions of a stream.
 *
 * @param words expanded instructions, one after the other
 * @param ends for each instruction the bytes of the stream up to its last one
 */
public record Expanded(byte[] words, int[] ends) {
  /** Bytes of the whole stream. */
  public int bytes() {
    return ends[ends.length - 1];
  }
}
