// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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

  /** What backs a design's numbers: the weakest of what backs each model's. */
  public static Map<Integer, String> evidenceByDesign(List<Evidence> evidence) {
    return evidence.stream()
        .collect(
            Collectors.groupingBy(
                Evidence::index,
                Collectors.collectingAndThen(
                    Collectors.toList(),
                    all ->
                        all.stream().anyMatch(e -> e.kind() == Evidence.Kind.DIFFERS)
                            ? Evidence.Kind.DIFFERS.words()
                            : all.stream()
                                .map(Evidence::kind)
                                .min(Enum::compareTo)
                                .orElse(Evidence.Kind.SIMULATED)
                                .words())));
  }

  public String evidenceOf(int index) {
    return evidenceByDesign(evidence).getOrDefault(index, Evidence.Kind.SIMULATED.words());
  }
}
