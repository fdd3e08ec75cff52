// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;

/**
 * What a search of a {@link MappingSpace} ended with.
 *
 * @param mappings mappings in the space
 * @param tried whose cost was computed
 * @param cut that the bound left out; the others do not fit the machine
 */
record FoundMapping(Mapping mapping, MappingCost cost, long mappings, long tried, long cut) {

  /** One line for reports. */
  String describe() {
    return "best of %d mappings: %d estimated, %d cut by their bound, %d do not fit"
        .formatted(mappings, tried, cut, mappings - tried - cut);
  }

  /** The same of all stripes of a layer together. */
  static String describe(List<FoundMapping> stripes) {
    FoundMapping first = stripes.getFirst();
    return new FoundMapping(
            first.mapping,
            first.cost,
            stripes.stream().mapToLong(FoundMapping::mappings).sum(),
            stripes.stream().mapToLong(FoundMapping::tried).sum(),
            stripes.stream().mapToLong(FoundMapping::cut).sum())
        .describe();
  }
}
