// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.List;

/**
 * The first difference between simulator and RTL, and all counters that differ.
 *
 * @param instruction index in the program of the instruction that diverges first, by the smaller of
 *     its two retire cycles; -1 if all retire cycles agree
 * @param simulated its retire cycle in the simulator; total cycles if {@code instruction} is -1
 * @param rtl its retire cycle in the RTL; total cycles if {@code instruction} is -1
 * @param layer name of the layer it belongs to; empty if {@code instruction} is -1
 * @param counters the counters that differ
 * @param address first byte of memory that differs; -1 if none
 */
public record Divergence(
    int instruction, long simulated, long rtl, String layer, List<Counter> counters, long address) {

  /** A counter's two values. */
  public record Counter(String key, long simulated, long rtl) {}

  /** All of it in a few lines. */
  public String text() {
    StringBuilder text = new StringBuilder();
    if (instruction >= 0) {
      text.append(
          "instruction %d (layer %s) retires in cycle %d simulated, %d in RTL%n"
              .formatted(instruction, layer, simulated, rtl));
    } else if (simulated != rtl) {
      text.append("total cycles %d simulated, %d in RTL%n".formatted(simulated, rtl));
    }
    for (Counter c : counters) {
      text.append(
          "counter %s: %d simulated, %d in RTL%n".formatted(c.key(), c.simulated(), c.rtl()));
    }
    if (address >= 0) {
      text.append("memory differs first at byte 0x%x%n".formatted(address));
    }
    return text.toString().stripTrailing();
  }
}
