// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** Operators that ONNX Runtime's optimiser makes of several, as the chains that they stand for. */
final class Fusions {
  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          entry("com.microsoft.FastGelu", new BiasedActivation(Activations::geluByTanh)),
          entry("com.microsoft.BiasGelu", new BiasedActivation(Activations::gelu)),
          entry("com.microsoft.SkipLayerNormalization", new SkipNormalisation(true)),
          entry("com.microsoft.SkipSimplifiedLayerNormalization", new SkipNormalisation(false)),
          entry("com.microsoft.FusedMatMul", new ScaledProduct()));

  private Fusions() {}

  private static Constant one(Call call, String type, Constant... inputs) {
    return Operators.require(type).evaluate(call.to(type, new TreeMap<>(), inputs)).getFirst();
  }

  /** A function of the sum of a value and a bias that may be absent. */
  private record BiasedActivation(DoubleUnaryOperator function) implements Operator {
    @Override
    public List<ValueType> types(Call call) {
      Call.requires(call.isFloat(0), "a value " + call.input(0));
      if (call.has(1)) {
        View.broadcastStrides(call.shape(1), call.shape(0));
      }
      return List.of(call.input(0));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      Constant sum = call.has(1) ? one(call, "Add", call.value(0), call.value(1)) : call.value(0);
      float[] values = sum.floats().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) function.applyAsDouble(values[i]);
      }
      return List.of(new Constant.Floats(sum.shape(), values));
    }
  }

  /** Inputs: value, skipped value, scale, then (where centred) shift, then a bias to be added. */
  private record SkipNormalisation(boolean centred) implements Operator {
    private String normalisation() {
      return centred ? "LayerNormalization" : "SimplifiedLayerNormalization";
    }

    @Override
    public List<ValueType> types(Call call) {
      Call.requires(
          call.isFloat(0) && call.rank(0) > 0 && call.shape(1).equals(call.shape(0)),
          call.input(0) + " and " + call.input(1));
      int bias = centred ? 4 : 3;
      if (call.has(bias)) {
        View.broadcastStrides(call.shape(bias), call.shape(0));
      }
      ValueType statistics = ValueType.floats(call.shape(0).with(call.rank(0) - 1, 1));
      return List.of(call.input(0), statistics, statistics, call.input(0));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      Constant sum = one(call, "Add", call.value(0), call.value(1));
      int bias = centred ? 4 : 3;
      sum = call.has(bias) ? one(call, "Add", sum, call.value(bias)) : sum;
      SortedMap<String, Attribute> attributes = new TreeMap<>();
      attributes.put("epsilon", new Attribute.Real(call.real("epsilon", 1e-12)));
      Constant[] operands =
          centred && call.has(3)
              ? new Constant[] {sum, call.value(2), call.value(3)}
              : new Constant[] {sum, call.value(2)};
      List<Constant> results =
          Operators.require(normalisation())
              .evaluate(call.to(normalisation(), attributes, operands));
      return List.of(results.get(0), results.get(1), results.get(2), sum);
    }
  }

  /** {@code alpha A B} with the last two dimensions of either exchanged on demand. */
  private record ScaledProduct() implements Operator {
    private static Shape turned(Call call, int input, String flag) {
      Call.requires(
          !call.flag("transBatchA") && !call.flag("transBatchB"), "transBatchA or transBatchB");
      Shape x = call.shape(input);
      return call.flag(flag) ? x.with(x.rank() - 2, x.dim(-1)).with(x.rank() - 1, x.dim(-2)) : x;
    }

    private static Constant operand(Call call, int input, String flag) {
      Shape to = turned(call, input, flag);
      if (!call.flag(flag)) {
        return call.value(input);
      }
      int[] strides = View.strides(call.shape(input));
      int last = strides.length - 1;
      int step = strides[last];
      strides[last] = strides[last - 1];
      strides[last - 1] = step;
      return View.take(call.value(input), to, View.indices(to, strides, 0));
    }

    @Override
    public List<ValueType> types(Call call) {
      Shape a = turned(call, 0, "transA");
      Shape b = turned(call, 1, "transB");
      return List.of(
          ValueType.floats(MatrixProduct.shape(ValueType.floats(a), ValueType.floats(b))));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      Constant product =
          one(call, "MatMul", operand(call, 0, "transA"), operand(call, 1, "transB"));
      float alpha = call.real("alpha", 1);
      float[] values = product.floats().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] *= alpha;
      }
      return List.of(new Constant.Floats(product.shape(), values));
    }
  }
}
