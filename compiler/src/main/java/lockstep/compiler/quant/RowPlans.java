// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Arrays;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.interpreter.nonlinear.IntegerLayerNorm;
import lockstep.compiler.interpreter.nonlinear.IntegerLogSoftmax;
import lockstep.compiler.interpreter.nonlinear.IntegerSoftmax;
import org.jspecify.annotations.Nullable;

/** Plans of functions of whole rows, where their integer definitions hold. */
final class RowPlans {
  private static final int SINGLE_AXIS = 13;

  private RowPlans() {}

  static @Nullable LanePlan softmax(
      Graph graph,
      Encodings encodings,
      Node node,
      Op.Foreign op,
      boolean logarithm,
      Capabilities capabilities) {
    Shape shape = graph.type(node.input()).shape();
    boolean single = graph.opset() >= SINGLE_AXIS;
    int axis = axis(op, single ? -1 : 1, shape.rank());
    boolean[] rows = rows(shape, axis, single);
    double scale = encodings.of(node.input()).scale();
    boolean fits =
        logarithm
            ? IntegerLogSoftmax.fits(scale, encodings.of(node.output()))
            : IntegerSoftmax.fits(scale, encodings.of(node.output()));
    return capabilities.has(Capabilities.Kind.SOFTMAX)
            && fits
            && length(shape, rows) <= IntegerSoftmax.LONGEST
        ? new LanePlan.Softmax(node.input(), rows, logarithm)
        : null;
  }

  static @Nullable LanePlan normalised(
      Graph graph,
      Encodings encodings,
      Node node,
      Op.Foreign op,
      boolean centred,
      Capabilities capabilities) {
    Shape shape = graph.type(node.input()).shape();
    int axis = axis(op, -1, shape.rank());
    boolean[] rows = rows(shape, axis, false);
    int length = length(shape, rows);
    if (!capabilities.has(Capabilities.Kind.NORMALISATION)
        || length > IntegerLayerNorm.LONGEST
        || node.inputs().stream().filter(i -> !i.isEmpty()).count() != node.inputs().size()) {
      return null;
    }
    Shape row = new Shape(shape.dims().subList(axis, shape.rank()));
    float[] gamma = along(graph.constants().get(node.inputs().get(1)), row);
    float[] beta =
        node.inputs().size() > 2
            ? along(graph.constants().get(node.inputs().get(2)), row)
            : new float[length];
    double epsilon =
        op.attributes().get("epsilon") instanceof Attribute.Real(float given) ? given : 1e-5f;
    return gamma != null
            && beta != null
            && IntegerLayerNorm.fits(
                encodings.of(node.input()),
                centred,
                gamma,
                beta,
                epsilon,
                encodings.of(node.output()))
        ? new LanePlan.Normalised(node.input(), rows, centred, gamma, beta, epsilon)
        : null;
  }

  /** A constant for every place of a row; null if it differs from row to row. */
  private static float @Nullable [] along(@Nullable Constant constant, Shape row) {
    if (constant == null) {
      return null;
    }
    Shape own = constant.shape();
    int ahead = Math.max(0, own.rank() - row.rank());
    if (own.product(0, ahead) != 1) {
      return null;
    }
    float[] values = constant.floats();
    int[] index = CombinedLowering.broadcast(new Shape(own.dims().subList(ahead, own.rank())), row);
    float[] along = new float[index.length];
    for (int i = 0; i < along.length; i++) {
      along[i] = values[index[i]];
    }
    return along;
  }

  private static int axis(Op.Foreign op, int otherwise, int rank) {
    long axis =
        op.attributes().get("axis") instanceof Attribute.Int(long given) ? given : otherwise;
    return (int) (axis < 0 ? axis + rank : axis);
  }

  private static boolean[] rows(Shape shape, int axis, boolean single) {
    boolean[] rows = new boolean[shape.rank()];
    Arrays.fill(rows, axis, single ? axis + 1 : rows.length, true);
    return rows;
  }

  private static int length(Shape shape, boolean[] rows) {
    int length = 1;
    for (int d = 0; d < rows.length; d++) {
      length *= rows[d] ? shape.dim(d) : 1;
    }
    return length;
  }
}
