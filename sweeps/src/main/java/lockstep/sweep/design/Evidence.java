// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.design;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lockstep.sweep.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * What backs the number of cycles of one design on one model.
 *
 * @param trial id of the trial
 * @param index of the trial in its study
 * @param cycles as simulated
 * @param detail what was compared and how it came out, or why it was not
 * @param verifier what generated and ran the Verilog, as {@link Verifier#identity}; null in files
 *     of before there was one
 */
public record Evidence(
    String trial,
    int index,
    String model,
    Kind kind,
    long cycles,
    String detail,
    @Nullable String verifier) {

  /** How a number came about, from the weakest to the strongest. */
  public enum Kind {
    ANALYTIC("analytic"),
    SIMULATED("simulated"),
    RTL_VERIFIED("RTL-verified"),
    MEASURED("measured on hardware"),
    DIFFERS("RTL differs");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /** What backs each design, by index: a difference, or the weakest of what backs its models. */
  public static Map<Integer, String> byDesign(List<Evidence> evidence) {
    return evidence.stream()
        .collect(
            Collectors.groupingBy(
                Evidence::index,
                Collectors.collectingAndThen(Collectors.toList(), all -> weakest(all).words())));
  }

  private static Kind weakest(List<Evidence> all) {
    return all.stream().anyMatch(each -> each.kind() == Kind.DIFFERS)
        ? Kind.DIFFERS
        : all.stream().map(Evidence::kind).min(Enum::compareTo).orElse(Kind.SIMULATED);
  }
}
