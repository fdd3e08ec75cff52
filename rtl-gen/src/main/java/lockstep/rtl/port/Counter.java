// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

/**
 * A performance counter, 64 bits.
 *
 * @param key its name in results
 * @param meaning a phrase without a full stop
 * @param bits width of what is added in a cycle
 */
public record Counter(String key, String meaning, int bits) {

  /** The name as a signal and as a register. */
  public String signal() {
    return key.replace('.', '_');
  }

  /** The range of what is added, with a blank behind; empty for a single bit. */
  String range() {
    return bits == 1 ? "" : "[%d:0] ".formatted(bits - 1);
  }
}
