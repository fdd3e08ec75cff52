// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ValueType;

/**
 * MLPerf Tiny's anomaly detector: fully connected layers 640-128-128-128-128-8-128-128-128-128-640
 * with batch normalisation and ReLU behind each but the last (Koizumi et al., "ToyADMOS", 2019).
 * The exporter leaves batch normalisation behind a fully connected layer as it is.
 */
final class Autoencoder {
  private static final int FRAME = 640;
  private static final int[] HIDDEN = {128, 128, 128, 128, 8, 128, 128, 128, 128};

  private Autoencoder() {}

  static Graph of(int batch) {
    GraphDraft draft = new GraphDraft("autoencoder", Seeds.byName(640));
    String x = draft.input("input", ValueType.floats(batch, FRAME));
    for (int i = 0; i < HIDDEN.length; i++) {
      x = Dense.gemm(draft, x, "dense" + i, HIDDEN[i], 1, draft.fresh("gemm"));
      x = Dense.batchNorm(draft, x);
      x = draft.add("Relu", draft.fresh("relu"), List.of(x), Map.of(), draft.shape(x));
    }
    double gain = ConvolutionBuilder.LINEAR_GAIN;
    return draft.graph(
        List.of(Dense.gemm(draft, x, "dense" + HIDDEN.length, FRAME, gain, "output")));
  }
}
