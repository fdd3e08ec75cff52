// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

/** How a program's instructions lie in memory. */
public enum Stream {
  /** As {@link InstructionStream}: what differs from the instruction of the same opcode before. */
  INSTRUCTIONS,
  /** As {@link BundleStream}: what is not empty. */
  BUNDLES;

  /** Bytes that an instruction takes at least. */
  public int leastBytes() {
    return switch (this) {
      case INSTRUCTIONS -> InstructionStream.WORD_BYTES;
      case BUNDLES -> BundleStream.ENTRY_BYTES;
    };
  }

  /**
   * The first {@code count} instructions of the stream that begins at {@code offset}.
   *
   * @param instructionBytes of one, expanded
   * @throws IllegalArgumentException if the stream ends before, or names what such instructions do
   *     not have
   */
  public Expanded expand(byte[] stream, int offset, int instructionBytes, int count) {
    return switch (this) {
      case INSTRUCTIONS -> InstructionStream.expand(stream, offset, instructionBytes, count);
      case BUNDLES -> BundleStream.expand(stream, offset, instructionBytes, count);
    };
  }
}
