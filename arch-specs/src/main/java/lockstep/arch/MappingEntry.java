// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.util.List;

/**
 * One entry of the block {@code mapping:} of a machine file, whatever the family: choices for the
 * layers whose names match, each of which it may leave out.
 *
 * @param <R> the family's entries
 */
public interface MappingEntry<R extends MappingEntry<R>> {

  /** Name of a layer as reports show it, a {@link NamePattern}. */
  String match();

  /** The choices of this entry, and those of an earlier one where it makes none. */
  R over(R earlier);

  /**
   * What entries say of a layer: for each choice the last entry that makes it and matches.
   *
   * @param free makes no choice
   */
  static <R extends MappingEntry<R>> R of(List<R> entries, String layer, R free) {
    R all = free;
    for (R entry : entries) {
      if (NamePattern.matches(entry.match(), layer)) {
        all = entry.over(all);
      }
    }
    return all;
  }
}
