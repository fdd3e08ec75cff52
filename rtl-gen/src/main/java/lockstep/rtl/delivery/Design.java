// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.delivery;

import java.util.List;

/**
 * What build files have to know of a design.
 *
 * @param family the library of FuseSoC that it belongs to
 * @param kind what it is, in a title
 * @param sources paths of all Verilog files, {@code memory} among them
 * @param memory path of the one module that a memory macro replaces
 * @param bench path of the C++ test bench
 */
record Design(
    String name,
    String family,
    String kind,
    String version,
    String top,
    List<String> sources,
    String memory,
    String bench) {

  /** The sources without {@code memory}. */
  List<String> logic() {
    return sources.stream().filter(s -> !s.equals(memory)).toList();
  }
}
