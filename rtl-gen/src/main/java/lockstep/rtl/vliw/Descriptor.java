// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

/**
 * A transfer as it lies in queues: bits of one vector, the first field lowest.
 *
 * <pre>
 *  memory  local  words  count1..3  memory_step1..3  local_step1..3  constant  is_constant
 *  32      S      run    16 each    32 each          S each          8         1
 * </pre>
 *
 * Local addresses and lengths are in words of local memory.
 */
final class Descriptor {
  private static final String NAMES =
      """
      {d_is_constant, d_constant, d_local_step3, d_local_step2, d_local_step1,
            d_memory_step3, d_memory_step2, d_memory_step1, d_count3, d_count2, d_count1,
            d_words, d_local, d_memory}""";

  private Descriptor() {}

  static long bits(long wordBits, long runBits) {
    return 4 * 32 + 4 * wordBits + runBits + 3 * 16 + 8 + 1;
  }

  /** Declares a signal {@code d_..} for each field of the vector {@code descriptor}. */
  static final String UNPACK =
      """
        logic [31:0] d_memory;
        logic [S-1:0] d_local;
        logic [RUN_WORD_BITS-1:0] d_words;
        logic [15:0] d_count1;
        logic [15:0] d_count2;
        logic [15:0] d_count3;
        logic [31:0] d_memory_step1;
        logic [31:0] d_memory_step2;
        logic [31:0] d_memory_step3;
        logic [S-1:0] d_local_step1;
        logic [S-1:0] d_local_step2;
        logic [S-1:0] d_local_step3;
        logic [7:0] d_constant;
        logic d_is_constant;
        assign %s = descriptor;
        wire unused_descriptor = &{1'b0, %s};
      """
          .formatted(NAMES, NAMES);
}
