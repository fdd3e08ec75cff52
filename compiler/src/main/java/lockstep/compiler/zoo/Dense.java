// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Shape;

/** Fully connected layers on [batch, features], and batch normalisation of dimension 1. */
final class Dense {
  private Dense() {}

  /** {@code torch.nn.Linear} with a bias: Gemm with weights [outputs][inputs]. */
  static String gemm(
      GraphDraft draft, String x, String parameter, int outputs, double gain, String output) {
    int inputs = draft.shape(x).dim(1);
    String weight = draft.weights(parameter + ".weight", Shape.of(outputs, inputs), inputs, gain);
    return draft.add(
        "Gemm",
        output,
        List.of(x, weight, draft.biases(parameter + ".bias", outputs)),
        Map.of(
            "alpha", new Attribute.Real(1),
            "beta", new Attribute.Real(1),
            "transB", new Attribute.Int(1)),
        Shape.of(draft.shape(x).dim(0), outputs));
  }

  /** With statistics near those of values of mean 0 and variance 1. */
  static String batchNorm(GraphDraft draft, String x) {
    String y = draft.fresh("norm");
    Shape channels = Shape.of(draft.shape(x).dim(1));
    return draft.add(
        "BatchNormalization",
        y,
        List.of(
            x,
            draft.uniform(y + ".weight", channels, 1, 0.2f),
            draft.uniform(y + ".bias", channels, 0, 0.1f),
            draft.uniform(y + ".running_mean", channels, 0, 0.1f),
            draft.uniform(y + ".running_var", channels, 1, 0.2f)),
        Map.of(
            "epsilon", new Attribute.Real(1e-5f),
            "momentum", new Attribute.Real(0.9f),
            "training_mode", new Attribute.Int(0)),
        draft.shape(x));
  }
}
