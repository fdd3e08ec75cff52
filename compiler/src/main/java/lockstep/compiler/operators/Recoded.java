// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime's operators on codes that stand for an operator on floats: every operand is decoded
 * and the result encoded. Operands are triples of codes, scale and zero point.
 *
 * @param real the operator on floats
 * @param operands how many triples come first; -1 for as many as follow the result's encoding
 */
record Recoded(String real, int operands) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          entry("com.microsoft.QLinearAdd", new Recoded("Add", 2)),
          entry("com.microsoft.QLinearMul", new Recoded("Mul", 2)),
          entry("com.microsoft.QLinearSigmoid", new Recoded("Sigmoid", 1)),
          entry("com.microsoft.QLinearLeakyRelu", new Recoded("LeakyRelu", 1)),
          entry("com.microsoft.QLinearAveragePool", new Recoded("AveragePool", 1)),
          entry("com.microsoft.QLinearGlobalAveragePool", new Recoded("GlobalAveragePool", 1)),
          entry("com.microsoft.QLinearConcat", new Recoded("Concat", -1)));

  /** Where the result's scale is; its zero point follows. */
  private int result() {
    return operands < 0 ? 0 : 3 * operands;
  }

  private int operand(int index) {
    return operands < 0 ? 2 + 3 * index : 3 * index;
  }

  private int count(Call call) {
    return operands < 0 ? (call.inputs() - 2) / 3 : operands;
  }

  private Operator operator(Call call) {
    Call.requires(!call.flag("channels_last"), "channels_last = 1");
    return Operators.require(real);
  }

  private Call decoded(Call call, List<@Nullable ValueType> types, List<Constant> values) {
    return new Call(
        real,
        call.attributes(),
        call.opset(),
        types,
        i -> i < values.size() ? values.get(i) : null,
        1);
  }

  @Override
  public List<ValueType> types(Call call) {
    List<@Nullable ValueType> types = new ArrayList<>();
    for (int i = 0; i < count(call); i++) {
      types.add(ValueType.floats(call.shape(operand(i))));
    }
    ValueType sum = operator(call).types(decoded(call, types, List.of())).getFirst();
    return List.of(new ValueType(call.element(operand(0)), sum.shape()));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    ValueType type = types(call).getFirst();
    List<@Nullable ValueType> types = new ArrayList<>();
    List<Constant> values = new ArrayList<>();
    for (int i = 0; i < count(call); i++) {
      int at = operand(i);
      Scales encoding = Scales.of(call, call.shape(at), at + 1, at + 2);
      long[] codes = call.integers(at);
      float[] floats = new float[codes.length];
      for (int j = 0; j < floats.length; j++) {
        floats[j] = encoding.dequantise(codes[j], j);
      }
      Constant value = new Constant.Floats(call.shape(at), floats);
      types.add(value.type());
      values.add(value);
    }
    Call floats = decoded(call, types, values);
    float[] results = operator(call).evaluate(floats).getFirst().floats();
    Scales encoding = Scales.of(call, type.shape(), result(), result() + 1);
    long[] codes = new long[results.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = encoding.quantise(results[i], i, type.element());
    }
    return List.of(new Constant.Integers(type.element(), type.shape(), codes));
  }
}
