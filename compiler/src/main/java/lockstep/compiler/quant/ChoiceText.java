// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Locale;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.quantisation.Calibration;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.Pruning;
import lockstep.arch.quantisation.Quantisation;

/** How a model was quantised, in a sentence for reports. */
public final class ChoiceText {
  private ChoiceText() {}

  public static String of(Quantisation quantisation) {
    LayerQuantisation all = quantisation.all();
    String percent =
        all.calibration() instanceof Calibration.Percentile(double p)
            ? " " + ResolvedYaml.number(p)
            : "";
    String pruned =
        switch (all.pruning()) {
          case Pruning.None _ -> "none pruned";
          case Pruning.Magnitude(double sparsity) ->
              String.format(Locale.ROOT, "the least %.4g %% pruned", 100 * sparsity);
          case Pruning.NOfM(int n, int m) -> "all but " + n + " of " + m + " pruned";
        };
    int rules = quantisation.layers().size();
    return "activations of %d bits, calibration %s%s; weights of %d bits, scales per %s, %s%s"
        .formatted(
            all.activationBits(),
            all.calibration().word(),
            percent,
            all.weightBits(),
            all.weights().name().toLowerCase(Locale.ROOT),
            pruned,
            rules == 0 ? "" : "; " + rules + (rules == 1 ? " rule" : " rules") + " for layers");
  }
}
