// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.delivery;

import java.util.List;
import lockstep.arch.OffChipMemory;

/**
 * What build files have to know of a design.
 *
 * @param sources paths of all Verilog files, {@code memory} among them
 * @param memory path of the one module that a memory macro replaces
 * @param bench path of the C++ test bench
 */
record Design(
    String name,
    String version,
    String top,
    List<String> sources,
    String memory,
    String bench,
    OffChipMemory offChip) {

  /** The sources without {@code memory}. */
  List<String> logic() {
    return sources.stream().filter(s -> !s.equals(memory)).toList();
  }
}
