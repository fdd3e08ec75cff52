// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;

/**
 * Batch normalisation in inference is one multiplication and one addition per channel.
 *
 * <pre>
 * x -> BatchNormalization(gamma, beta, mean, variance) -> y     becomes
 * x -> Affine(gamma / sqrt(variance + epsilon), beta - mean x scale) -> y
 * </pre>
 */
public final class NormalisationToAffine implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (!(node.op() instanceof Op.BatchNormalization norm)) {
            return;
          }
          List<float[]> parameters = new ArrayList<>();
          for (String input : node.inputs().subList(1, 5)) {
            Constant constant = rewrite.constant(input);
            if (constant == null) {
              return;
            }
            parameters.add(constant.floats());
          }
          int channels = parameters.getFirst().length;
          float[] scale = new float[channels];
          float[] shift = new float[channels];
          for (int c = 0; c < channels; c++) {
            double deviation = Math.sqrt((double) parameters.get(3)[c] + norm.epsilon());
            double factor = parameters.get(0)[c] / deviation;
            scale[c] = (float) factor;
            shift[c] = (float) (parameters.get(1)[c] - parameters.get(2)[c] * factor);
          }
          Shape shape = Shape.of(channels);
          String y = node.output();
          String scaleName = rewrite.addConstant(y + "/scale", new Constant.Floats(shape, scale));
          String shiftName = rewrite.addConstant(y + "/shift", new Constant.Floats(shape, shift));
          rewrite.add(
              node.with(new Op.Affine()).withInputs(List.of(node.input(), scaleName, shiftName)));
        });
    return rewrite.finish();
  }
}
