// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;
import org.jspecify.annotations.Nullable;

/** The graph's own operators as the ONNX operators that they stand for. */
final class TypedOperators {
  /** The operator set whose forms are used here. */
  private static final int OPSET = 13;

  private TypedOperators() {}

  static Constant evaluate(Op op, List<@Nullable Constant> operands) {
    List<Constant> in = operands.stream().filter(Objects::nonNull).toList();
    Call.requires(in.size() == operands.size() && !in.isEmpty(), "an operand is missing");
    Constant x = in.getFirst();
    return switch (op) {
      case Op.Conv conv -> conv(conv, in);
      case Op.Linear _ -> {
        Constant product = call("MatMul", attributes(), in.get(0), in.get(1));
        yield in.size() > 2 ? call("Add", attributes(), product, in.get(2)) : product;
      }
      case Op.Gemm gemm ->
          call(
              "Gemm",
              attributes(
                  "alpha", new Attribute.Real(gemm.alpha()),
                  "beta", new Attribute.Real(gemm.beta()),
                  "transA", new Attribute.Int(gemm.transA() ? 1 : 0),
                  "transB", new Attribute.Int(gemm.transB() ? 1 : 0)),
              in);
      case Op.MatMul _ -> call("MatMul", attributes(), in);
      case Op.Product _ -> call("MatMul", attributes(), in.reversed());
      case Op.Affine _ -> {
        Constant scaled = call("Mul", attributes(), x, perChannel(in.get(1), x.shape()));
        yield call("Add", attributes(), scaled, perChannel(in.get(2), x.shape()));
      }
      case Op.BatchNormalization n ->
          call("BatchNormalization", attributes("epsilon", new Attribute.Real(n.epsilon())), in);
      case Op.Add _ -> call("Sum", attributes(), in);
      case Op.Mul _ -> call("Mul", attributes(), in);
      case Op.Activate a -> activated(a.activation(), x);
      case Op.MaxPool pool -> call("MaxPool", window(pool.window(), x.shape().rank()), x);
      case Op.AveragePool pool -> {
        SortedMap<String, Attribute> attributes = window(pool.window(), x.shape().rank());
        attributes.put("count_include_pad", new Attribute.Int(1));
        yield call("AveragePool", attributes, x);
      }
      case Op.Concat c -> call("Concat", attributes("axis", new Attribute.Int(c.axis())), in);
      case Op.Pad pad -> padded(pad, x);
      case Op.Reshape reshape -> call("Reshape", attributes(), x, integers(reshape.shape()));
      case Op.Transpose t -> {
        List<Long> order = t.permutation().stream().map(Integer::longValue).toList();
        yield call("Transpose", attributes("perm", new Attribute.Ints(order)), x);
      }
      case Op.Identity _ -> x;
      case Op.ConstantOfShape fill -> {
        Constant value = new Constant.Floats(Shape.of(1), new float[] {fill.value()});
        yield call("ConstantOfShape", attributes("value", new Attribute.Tensor(value)), x);
      }
      case Op.Quantise q ->
          call("QuantizeLinear", attributes("axis", new Attribute.Int(q.axis())), in);
      case Op.Dequantise q ->
          call("DequantizeLinear", attributes("axis", new Attribute.Int(q.axis())), in);
      case Op.Foreign f -> throw new IllegalArgumentException(f.type() + " is not typed");
    };
  }

  private static Constant conv(Op.Conv conv, List<Constant> in) {
    int plain = conv.residual() ? in.size() - 1 : in.size();
    int rank = in.getFirst().shape().rank();
    SortedMap<String, Attribute> attributes = window(conv.window(), rank);
    attributes.put("group", new Attribute.Int(conv.groups()));
    Constant value = call("Conv", attributes, in.subList(0, plain));
    if (conv.pool() != null) {
      value = call("MaxPool", window(conv.pool(), rank), value);
    }
    if (conv.residual()) {
      value = call("Add", attributes(), value, in.getLast());
    }
    return activated(conv.activation(), value);
  }

  private static Constant activated(Activation activation, Constant x) {
    return switch (activation) {
      case Activation.Leaky leaky ->
          call("LeakyRelu", attributes("alpha", new Attribute.Real((float) leaky.slope())), x);
      case Activation.Clamp clamp ->
          clamp.equals(Activation.NONE)
              ? x
              : call("Clip", attributes(), x, scalar(clamp.min()), scalar(clamp.max()));
    };
  }

  private static Constant padded(Op.Pad pad, Constant x) {
    List<Integer> pads = new ArrayList<>(pad.begins());
    pads.addAll(pad.ends());
    long[] sizes = pads.stream().mapToLong(Integer::longValue).toArray();
    Constant input = new Constant.Integers(ElementType.INT64, Shape.of(sizes.length), sizes);
    return call("Pad", attributes(), x, input, scalar(pad.value()));
  }

  private static Constant perChannel(Constant values, Shape of) {
    int[] dims = new int[of.rank() - 1];
    Arrays.fill(dims, 1);
    dims[0] = of.dim(1);
    return new Constant.Floats(Shape.of(dims), values.floats());
  }

  private static Constant scalar(double value) {
    return new Constant.Floats(Shape.SCALAR, new float[] {(float) value});
  }

  private static Constant integers(Shape shape) {
    return new Constant.Integers(ElementType.INT64, Shape.of(shape.rank()), shape.toLongs());
  }

  private static SortedMap<String, Attribute> window(Window w, int rank) {
    return attributes(
        "kernel_shape", ints(rank, w.kernelH(), w.kernelW()),
        "strides", ints(rank, w.strideH(), w.strideW()),
        "dilations", ints(rank, w.dilationH(), w.dilationW()),
        "pads",
            rank == 4
                ? ints(4, w.padTop(), w.padLeft(), w.padBottom(), w.padRight())
                : ints(4, w.padLeft(), w.padRight()));
  }

  /** The numbers; of a pair for a value of rank 3, the one that belongs to its width. */
  private static Attribute.Ints ints(int rank, long... values) {
    return new Attribute.Ints(
        LongStream.of(rank == 3 ? new long[] {values[1]} : values).boxed().toList());
  }

  private static SortedMap<String, Attribute> attributes(Object... pairs) {
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      attributes.put((String) pairs[i], (Attribute) pairs[i + 1]);
    }
    return attributes;
  }

  private static Constant call(
      String type, SortedMap<String, Attribute> attributes, Constant... in) {
    return call(type, attributes, List.of(in));
  }

  private static Constant call(
      String type, SortedMap<String, Attribute> attributes, List<Constant> in) {
    Op.Foreign form = new Op.Foreign(type, "", attributes);
    List<@Nullable Constant> operands = new ArrayList<>(in);
    return Evaluation.results(Operators.require(type), Call.of(form, OPSET, operands, 1))
        .getFirst();
  }
}
