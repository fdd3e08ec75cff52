// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.delivery;

import java.util.List;

/**
 * What build files have to know of a design.
 *
 * @param family the library of FuseSoC that it belongs to
 * @param kind what it is, in a title
 * @param sources paths of all Verilog files, {@code memories} among them
 * @param memories paths of the modules that memory macros replace
 * @param bench path of the C++ test bench
 */
record Design(
    String name,
    String family,
    String kind,
    String version,
    String top,
    List<String> sources,
    List<String> memories,
    String bench) {

  /** The sources without {@code memories}. */
  List<String> logic() {
    return sources.stream().filter(s -> !memories.contains(s)).toList();
  }
}
