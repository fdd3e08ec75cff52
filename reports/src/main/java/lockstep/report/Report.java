// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lockstep.sweep.StudyResults;
import lockstep.sweep.design.Design;
import lockstep.sweep.design.Evidence;

/**
 * What a report shows.
 *
 * @param designs those of the front that have details
 * @param environment versions, seeds and host, by name
 */
public record Report(
    StudyResults results,
    List<Design> designs,
    List<Evidence> evidence,
    Map<String, String> environment) {

  /** The recommended designs, in the order of the recommendations. */
  public List<Design> recommended() {
    return results.recommended().keySet().stream()
        .flatMap(index -> designs.stream().filter(each -> each.index() == index))
        .toList();
  }

  public Optional<StudyResults.Row> row(int index) {
    return results.rows().stream().filter(each -> each.index() == index).findFirst();
  }

  /** What backs a design's numbers. */
  public String evidenceOf(int index) {
    return Evidence.byDesign(evidence).getOrDefault(index, Evidence.Kind.SIMULATED.words());
  }
}
