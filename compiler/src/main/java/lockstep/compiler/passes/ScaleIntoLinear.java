// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.Arrays;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Scaling and shifting the columns of a matrix product goes into its weights and bias: batch
 * normalisation behind a fully connected layer, the 1/√d of attention.
 *
 * <pre>
 * x -> Linear(W, b) -> Affine(s, t) -> y      becomes   x -> Linear(W s, b s + t) -> y     (matrices)
 * x -> Linear(W, b) -> Mul(s) -> y            becomes   x -> Linear(W s, b s) -> y
 * x -> Linear(W, b) -> Add(t) -> y            becomes   x -> Linear(W, b + t) -> y
 * </pre>
 *
 * s and t are numbers, or rows as wide as the product. Does not fire where the product has other
 * uses or a prescribed encoding, or the weights are codes that would have to change.
 */
public final class ScaleIntoLinear implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(NormalisationToAffine.class, GemmToLinear.class, MatMulToLinear.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          switch (node.op()) {
            case Op.Affine _ -> {
              if (rewrite.shape(node.input()).rank() == 2) {
                merge(rewrite, node, 0, node.inputs().get(1), node.inputs().get(2));
              }
            }
            case Op.Mul _, Op.Add _ -> {
              int constant = ConstantChains.constantOperand(rewrite, node);
              if (constant >= 0) {
                String operand = node.inputs().get(constant);
                boolean scales = node.op() instanceof Op.Mul;
                merge(
                    rewrite, node, 1 - constant, scales ? operand : null, scales ? null : operand);
              }
            }
            case Op _ -> {}
          }
        });
    return rewrite.finish();
  }

  private static void merge(
      Rewrite rewrite,
      Node node,
      int input,
      @Nullable String scaleName,
      @Nullable String shiftName) {
    Node linear = rewrite.producer(node.inputs().get(input));
    if (linear == null
        || !(linear.op() instanceof Op.Linear)
        || rewrite.onlyConsumer(linear.output()) == null
        || rewrite.quantisation(linear.output()) != null) {
      return;
    }
    Constant weights = rewrite.constant(linear.inputs().get(1));
    Constant bias = linear.inputs().size() > 2 ? rewrite.constant(linear.inputs().get(2)) : null;
    int width = rewrite.shape(linear.output()).dim(-1);
    float[] scale = row(rewrite, scaleName, width, 1);
    float[] shift = row(rewrite, shiftName, width, 0);
    if (weights == null
        || (weights instanceof Constant.Codes && scaleName != null)
        || (linear.inputs().size() > 2 && bias == null)
        || scale == null
        || shift == null) {
      return;
    }
    float[] shifted = shift.clone();
    float[] biases = bias == null ? new float[width] : bias.floats();
    for (int i = 0; i < width; i++) {
      shifted[i] += scale[i] * biases[i];
    }
    String y = node.output();
    String scaled =
        scaleName == null
            ? linear.inputs().get(1)
            : rewrite.addConstant(y + "/weights", Weights.scaledColumns(weights, scale));
    String added = rewrite.addConstant(y + "/bias", new Constant.Floats(Shape.of(width), shifted));
    rewrite.add(
        new Node(
            linear.name(),
            new Op.Linear(),
            List.of(linear.input(), scaled, added),
            node.outputs(),
            Sources.of(linear, node)));
  }

  private static float @Nullable [] row(
      Rewrite rewrite, @Nullable String name, int width, float otherwise) {
    float[] row = new float[width];
    Arrays.fill(row, otherwise);
    if (name == null) {
      return row;
    }
    Constant constant = rewrite.constant(name);
    if (constant == null) {
      return null;
    }
    if (constant.shape().elements() == 1) {
      Arrays.fill(row, constant.floats()[0]);
      return row;
    }
    return constant.shape().elements() == width && constant.shape().dim(-1) == width
        ? constant.floats()
        : null;
  }
}
