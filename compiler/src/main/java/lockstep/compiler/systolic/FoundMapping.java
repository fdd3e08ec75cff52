// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

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
}
