// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;

/**
 * Scaling and shifting after a convolution goes into its weights and bias; two in a row are one.
 *
 * <pre>
 * x -> Conv(w, b) -> Affine(s, t) -> y      becomes   x -> Conv(s w, s b + t) -> y
 * x -> Affine(s, t) -> Affine(u, v) -> y    becomes   x -> Affine(u s, u t + v) -> y
 * </pre>
 *
 * Does not fire where the value between has other uses or a prescribed encoding, or the weights are
 * codes.
 */
public final class FoldAffine implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(NormalisationToAffine.class, ConstantOperandToAffine.class, LinearToConv.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          Node before = rewrite.producer(node.input());
          if (node.op() instanceof Op.Affine
              && before != null
              && rewrite.onlyConsumer(before.output()) != null
              && rewrite.quantisation(before.output()) == null) {
            merge(rewrite, before, node);
          }
        });
    return rewrite.finish();
  }

  private static void merge(Rewrite rewrite, Node before, Node affine) {
    float[] scale = floats(rewrite, affine, 1);
    float[] shift = floats(rewrite, affine, 2);
    Shape shape = Shape.of(scale.length);
    switch (before.op()) {
      case Op.Affine _ -> {
        float[] s = floats(rewrite, before, 1);
        float[] t = floats(rewrite, before, 2);
        float[] merged = new float[scale.length];
        for (int c = 0; c < scale.length; c++) {
          merged[c] = scale[c] * s[c];
        }
        replace(
            rewrite,
            before,
            affine,
            new Constant.Floats(shape, merged),
            new Constant.Floats(shape, shifted(t, scale, shift)));
      }
      case Op.Conv conv when conv.bare() -> {
        Constant weights = rewrite.constant(before.inputs().get(1));
        if (weights == null || weights instanceof Constant.Codes) {
          return;
        }
        float[] bias =
            before.inputs().size() > 2 ? floats(rewrite, before, 2) : new float[scale.length];
        replace(
            rewrite,
            before,
            affine,
            Weights.scaledPerChannel(weights, scale),
            new Constant.Floats(shape, shifted(bias, scale, shift)));
      }
      case Op _ -> {}
    }
  }

  private static float[] shifted(float[] values, float[] scale, float[] shift) {
    float[] result = new float[values.length];
    for (int c = 0; c < values.length; c++) {
      result[c] = scale[c] * values[c] + shift[c];
    }
    return result;
  }

  private static void replace(
      Rewrite rewrite, Node before, Node affine, Constant weights, Constant bias) {
    String y = affine.output();
    List<String> inputs = new ArrayList<>();
    inputs.add(before.input());
    inputs.add(rewrite.addConstant(y + "/weights", weights));
    inputs.add(rewrite.addConstant(y + "/bias", bias));
    rewrite.add(
        new Node(before.name(), before.op(), inputs, affine.outputs(), Sources.of(before, affine)));
  }

  private static float[] floats(Rewrite rewrite, Node node, int input) {
    return java.util.Objects.requireNonNull(rewrite.constant(node.inputs().get(input))).floats();
  }
}
