// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.arch.UserError;
import lockstep.compiler.graph.CodeArray;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import org.jspecify.annotations.Nullable;

/**
 * A quantised model's pairs become encodings of the values they stand at.
 *
 * <pre>
 * x -> QuantizeLinear(s, z) -> DequantizeLinear(s, z) -> y -> Op     becomes   x (s, z) -> Op
 * codes -> DequantizeLinear(s) -> w                                  becomes   w = codes with s
 * </pre>
 *
 * Unsigned codes are shifted by half of their range. Integers that are quantised stay what they
 * are. A second pair with another encoding on the same value becomes an Identity, which
 * requantises. Constant codes with zero points other than 0 become floats.
 */
public final class AbsorbQuantisation implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FoldConstants.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (!(node.op() instanceof Op.Dequantise dequantise)) {
            return;
          }
          if (rewrite.constant(node.input()) instanceof Constant.Integers codes) {
            Constant constant = dequantised(rewrite, node, dequantise, codes);
            if (constant != null) {
              rewrite.becomeConstant(node.output(), constant);
            }
            return;
          }
          Node quantise = rewrite.producer(node.input());
          if (quantise == null || !(quantise.op() instanceof Op.Quantise)) {
            return;
          }
          Encoding in = perTensor(rewrite, quantise);
          Encoding out = perTensor(rewrite, node);
          boolean floats = rewrite.type(quantise.input()).element() == ElementType.FLOAT;
          if (!floats || in == null || !in.equals(out)) {
            return;
          }
          absorb(rewrite, node, quantise.input(), in);
        });
    return rewrite.finish();
  }

  private static void absorb(Rewrite rewrite, Node node, String x, Encoding quantisation) {
    Encoding known = rewrite.quantisation(x);
    if (known == null || known.equals(quantisation)) {
      rewrite.quantise(x, quantisation);
      rewrite.forward(node.output(), x);
    } else {
      rewrite.add(node.with(new Op.Identity()).withInputs(List.of(x)));
      rewrite.quantise(node.output(), quantisation);
    }
  }

  private static void requirePositive(Node node, Constant scale) {
    for (float each : scale.floats()) {
      if (!(each > 0) || Float.isInfinite(each)) {
        throw new UserError(
            "node '"
                + node.name()
                + "': the scale "
                + each
                + " is not a positive number; quantise or export the model again");
      }
    }
  }

  private static @Nullable Encoding perTensor(Rewrite rewrite, Node node) {
    Constant scale = rewrite.constant(node.inputs().get(1));
    if (scale == null || scale.shape().elements() != 1) {
      return null;
    }
    requirePositive(node, scale);
    if (node.inputs().size() == 2) {
      return new Encoding(scale.floats()[0], -128);
    }
    return rewrite.constant(node.inputs().get(2)) instanceof Constant.Integers zero
            && isCode(zero.element())
        ? new Encoding(
            scale.floats()[0],
            (int) zero.values()[0] - offset(zero.element()),
            Byte.SIZE * zero.element().bytes())
        : null;
  }

  private static boolean isCode(ElementType element) {
    return switch (element) {
      case INT8, UINT8, INT16, UINT16 -> true;
      case FLOAT, INT32, INT64, BOOL -> false;
    };
  }

  /** What is taken off the codes of a type to make them signed. */
  private static int offset(ElementType element) {
    return switch (element) {
      case UINT8 -> 1 << (Byte.SIZE - 1);
      case UINT16 -> 1 << (Short.SIZE - 1);
      case FLOAT, INT8, INT16, INT32, INT64, BOOL -> 0;
    };
  }

  private static @Nullable Constant dequantised(
      Rewrite rewrite, Node node, Op.Dequantise op, Constant.Integers codes) {
    Constant scale = rewrite.constant(node.inputs().get(1));
    Constant zero = node.inputs().size() > 2 ? rewrite.constant(node.inputs().get(2)) : null;
    if (scale == null || (node.inputs().size() > 2 && zero == null)) {
      return null;
    }
    requirePositive(node, scale);
    int rank = codes.shape().rank();
    int axis = rank == 0 ? 0 : Math.floorMod(op.axis(), rank);
    int offset = offset(codes.element());
    float[] zeros = zero == null ? new float[1] : zero.floats();
    float[] scales = scale.floats();
    boolean symmetric = isCode(codes.element());
    for (float z : zeros) {
      symmetric &= z == offset;
    }
    int count = codes.values().length;
    if (symmetric) {
      CodeArray signed = CodeArray.zeros(count, Byte.SIZE * codes.element().bytes());
      for (int i = 0; i < count; i++) {
        signed.set(i, (int) codes.values()[i] - offset);
      }
      return new Constant.Codes(codes.shape(), signed, scales, scales.length == 1 ? 0 : axis);
    }
    long inner = rank == 0 ? 1 : codes.shape().product(axis + 1, rank);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      int channel = rank == 0 ? 0 : (int) (i / inner % codes.shape().dim(axis));
      float z = zeros[zeros.length == 1 ? 0 : channel];
      values[i] = (codes.values()[i] - z) * scales[scales.length == 1 ? 0 : channel];
    }
    return new Constant.Floats(codes.shape(), values);
  }
}
