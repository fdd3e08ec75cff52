// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import java.util.List;
import java.util.TreeSet;
import lockstep.arch.UserError;
import lockstep.sweep.study.Objective;
import lockstep.sweep.study.Study;

/**
 * Studies of different machines on the same models, for one page that shows their fronts together.
 *
 * @param entries one for each study, in the order in which the user named them
 */
public record SideBySide(List<Entry> entries) {

  /**
   * One study.
   *
   * @param name of the study
   * @param family of its machines
   * @param technology of its machines, as their file has it
   * @param link to its own report, from the page
   */
  public record Entry(String name, String family, String technology, String link, Report report) {}

  /** What all studies minimise: the objectives of the first that the others have, too. */
  public List<Objective> objectives() {
    return entries.getFirst().report().results().study().objectives().stream()
        .filter(
            each ->
                entries.stream()
                    .allMatch(e -> e.report().results().study().objectives().contains(each)))
        .toList();
  }

  /** Whether all machines are priced by one table, without which nothing can be said of them. */
  public boolean oneTechnology() {
    return entries.stream().map(Entry::technology).distinct().count() == 1;
  }

  /**
   * Refuses studies that cannot be shown side by side.
   *
   * @throws UserError if two have the same name, or other models than the first
   */
  public static void check(List<Study> studies) {
    Study first = studies.getFirst();
    var names = new TreeSet<String>();
    for (Study each : studies) {
      if (!names.add(each.name())) {
        throw new UserError(
            "two studies are named `%s`; give one another name: sweep.name".formatted(each.name()));
      }
      if (!each.models().equals(first.models())) {
        throw new UserError(
            "study `%s` is on the models %s and study `%s` on %s; only studies on the same models stand side by side"
                .formatted(first.name(), first.models(), each.name(), each.models()));
      }
    }
  }
}
