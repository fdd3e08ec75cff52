// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** From floats to codes and back. */
final class Quantisers {
  static final Map<String, Operator> TABLE =
      Map.of(
          "QuantizeLinear", new Quantise(),
          "DequantizeLinear", new Dequantise(),
          "DynamicQuantizeLinear", new Dynamic());

  private Quantisers() {}

  private record Quantise() implements Operator {
    @Override
    public List<ValueType> types(Call call) {
      ElementType element = ElementType.UINT8;
      if (call.has(2)) {
        element = call.element(2);
      } else if (call.integer("output_dtype", 0) != 0) {
        element = Cast.element(call.integer("output_dtype", 0));
      }
      return List.of(new ValueType(element, call.shape(0)));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      ValueType type = types(call).getFirst();
      Scales encoding = Scales.of(call, type.shape(), 1, 2);
      float[] x = call.value(0).floats();
      long[] codes = new long[x.length];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = encoding.quantise(x[i], i, type.element());
      }
      return List.of(new Constant.Integers(type.element(), type.shape(), codes));
    }
  }

  private record Dequantise() implements Operator {
    @Override
    public List<ValueType> types(Call call) {
      return List.of(ValueType.floats(call.shape(0)));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      Scales encoding = Scales.of(call, call.shape(0), 1, 2);
      long[] codes = call.integers(0);
      float[] x = new float[codes.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = encoding.dequantise(codes[i], i);
      }
      return List.of(new Constant.Floats(call.shape(0), x));
    }
  }

  /** uint8 codes for the range of the values and zero; results: codes, scale, zero point. */
  private record Dynamic() implements Operator {
    @Override
    public List<ValueType> types(Call call) {
      return List.of(
          new ValueType(ElementType.UINT8, call.shape(0)),
          ValueType.floats(),
          new ValueType(ElementType.UINT8, Shape.SCALAR));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      float[] x = call.floats(0);
      float least = 0;
      float most = 0;
      for (float value : x) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      float scale = most == least ? 1 : (most - least) / 255;
      long zero = Scales.saturated(ElementType.UINT8, Math.rint(-least / scale));
      long[] codes = new long[x.length];
      for (int i = 0; i < x.length; i++) {
        codes[i] = Scales.saturated(ElementType.UINT8, Math.rint(x[i] / scale) + zero);
      }
      return List.of(
          new Constant.Integers(ElementType.UINT8, call.shape(0), codes),
          new Constant.Floats(Shape.SCALAR, new float[] {scale}),
          new Constant.Integers(ElementType.UINT8, Shape.SCALAR, new long[] {zero}));
    }
  }
}
