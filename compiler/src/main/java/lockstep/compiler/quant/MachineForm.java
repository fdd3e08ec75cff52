// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.stream.Stream;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ImageView;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;
import org.jspecify.annotations.Nullable;

/** Says which nodes of a rewritten graph the network can express, and why the others not. */
final class MachineForm {
  private MachineForm() {}

  /** Why the node must run on the host; null if it need not. */
  static @Nullable String hostReason(Graph graph, Node node) {
    Shape y = graph.type(node.output()).shape();
    return switch (node.op()) {
      case Op.Conv conv -> {
        int plain = node.inputs().size() - (conv.residual() ? 1 : 0);
        boolean constant =
            node.inputs().subList(1, plain).stream().allMatch(graph.constants()::containsKey);
        if (tooLarge(conv.window()) || (conv.pool() != null && tooLarge(conv.pool()))) {
          yield "a side of its window, or a stride, is larger than " + Window.LARGEST_SIDE;
        }
        yield constant ? null : "its weights are computed from the input";
      }
      case Op.Product _ -> null;
      case Op.Concat concat -> {
        if (y.rank() < 2 || concat.axis() != 1) {
          yield "it joins along dimension " + concat.axis() + ", not along channels";
        }
        yield node.inputs().stream().anyMatch(graph.constants()::containsKey)
            ? "it joins a constant"
            : null;
      }
      case Op.Reshape _ ->
          ImageView.of(graph.type(node.input()).shape()).equals(ImageView.of(y))
              ? null
              : "reshaping " + graph.type(node.input()).shape() + " to " + y + " moves data";
      case Op.Identity _ -> null;
      case Op.Transpose t -> "transposing by " + t.permutation() + " moves data";
      case Op.Add _ ->
          graph.type(node.output()).element() == ElementType.FLOAT
              ? "it broadcasts or adds a constant that varies within a channel"
              : "it does not compute on floats";
      case Op.Mul _ ->
          "it multiplies two activations, or by a constant that varies within a channel";
      case Op.Pad _ -> "it crops, or pads with other than zeros around the image";
      case Op.Linear _, Op.Gemm _ -> "its weights are computed from the input";
      case Op.MatMul _ -> "it is a product of two activations";
      case Op.Affine _, Op.BatchNormalization _ -> "its parameters are computed from the input";
      case Op.Activate _, Op.MaxPool _, Op.AveragePool _, Op.ConstantOfShape _ ->
          "it has no form on the machine";
      case Op.Quantise _, Op.Dequantise _ -> "its encoding is not one scale and zero point";
      case Op.Foreign foreign -> foreignReason(foreign);
    };
  }

  private static boolean tooLarge(Window w) {
    return Stream.of(w.kernelH(), w.kernelW(), w.strideH(), w.strideW(), w.padTop(), w.padLeft())
        .anyMatch(side -> side > Window.LARGEST_SIDE);
  }

  private static String foreignReason(Op.Foreign op) {
    return switch (op.type()) {
      case "Conv", "MaxPool" -> "it has other than one or two spatial dimensions, or extra outputs";
      case "AveragePool" ->
          "its windows differ in their divisor, or it has other than one or two spatial dimensions";
      default -> "the machine has no " + op.type();
    };
  }

  /** The operator's ONNX name, for reports. */
  static String operator(Op op) {
    return switch (op) {
      case Op.Foreign foreign -> foreign.type();
      case Op.Product _, Op.Linear _ -> "MatMul";
      case Op.Affine _ -> "BatchNormalization";
      case Op.Activate _ -> "activation";
      case Op.Quantise _ -> "QuantizeLinear";
      case Op.Dequantise _ -> "DequantizeLinear";
      case Op.Conv _,
          Op.Gemm _,
          Op.MatMul _,
          Op.BatchNormalization _,
          Op.Add _,
          Op.Mul _,
          Op.MaxPool _,
          Op.AveragePool _,
          Op.Concat _,
          Op.Pad _,
          Op.Reshape _,
          Op.Transpose _,
          Op.Identity _,
          Op.ConstantOfShape _ ->
          op.getClass().getSimpleName();
    };
  }
}
