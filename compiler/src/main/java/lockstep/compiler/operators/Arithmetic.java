// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;
import lockstep.compiler.graph.ValueType;

/** Arithmetic and logic of two or more operands. Integer division truncates; integers wrap. */
final class Arithmetic {
  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          entry("Add", new Binary(Double::sum, Long::sum)),
          entry("Sub", new Binary((a, b) -> a - b, (a, b) -> a - b)),
          entry("Mul", new Binary((a, b) -> a * b, (a, b) -> a * b)),
          entry("Div", new Binary((a, b) -> a / b, (a, b) -> a / b)),
          entry("Pow", new Power()),
          entry("Mod", new Remainder()),
          entry("PRelu", new Binary((x, s) -> x < 0 ? s * x : x, (x, s) -> x < 0 ? s * x : x)),
          entry("Max", new Binary(Math::max, Math::max)),
          entry("Min", new Binary(Math::min, Math::min)),
          entry("Sum", new Binary(Double::sum, Long::sum)),
          entry("Mean", new Mean()),
          entry("And", new Binary(null, (a, b) -> a & b)),
          entry("Or", new Binary(null, (a, b) -> a | b)),
          entry("Xor", new Binary(null, (a, b) -> a ^ b)),
          entry("BitwiseAnd", new Binary(null, (a, b) -> a & b)),
          entry("BitwiseOr", new Binary(null, (a, b) -> a | b)),
          entry("BitwiseXor", new Binary(null, (a, b) -> a ^ b)));

  private Arithmetic() {}

  /** The result has the base's element type, whatever the exponent's. */
  private record Power() implements Operator {
    @Override
    public List<ValueType> types(Call call) {
      Shape shape = TypeInference.broadcast(call.shape(0), Binary.aligned(call, 1));
      return List.of(new ValueType(call.element(0), shape));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      ValueType type = types(call).getFirst();
      double[] base = View.doubles(call.value(0));
      double[] exponent = View.doubles(call.value(1));
      int[] left = View.broadcast(call.shape(0), type.shape());
      int[] right = View.broadcast(Binary.aligned(call, 1), type.shape());
      double[] values = new double[left.length];
      for (int i = 0; i < values.length; i++) {
        double b = base[left[i]];
        double e = exponent[right[i]];
        values[i] = e == 2 ? b * b : e == 0.5 ? Math.sqrt(b) : Math.pow(b, e);
      }
      return List.of(Cast.to(type.element(), type.shape(), values));
    }
  }

  /** The sign of the divisor, or with {@code fmod} that of the dividend. */
  private record Remainder() implements Operator {
    private static Binary form(Call call) {
      return call.flag("fmod")
          ? new Binary((a, b) -> a % b, (a, b) -> a % b)
          : new Binary((a, b) -> a - b * Math.floor(a / b), Math::floorMod);
    }

    @Override
    public List<ValueType> types(Call call) {
      return form(call).types(call);
    }

    @Override
    public List<Constant> evaluate(Call call) {
      return form(call).evaluate(call);
    }
  }

  private record Mean() implements Operator {
    private static final Binary SUM = new Binary(Double::sum, null);

    @Override
    public List<ValueType> types(Call call) {
      return SUM.types(call);
    }

    @Override
    public List<Constant> evaluate(Call call) {
      Constant sum = SUM.evaluate(call).getFirst();
      float[] values = sum.floats().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] /= call.inputs();
      }
      return List.of(new Constant.Floats(sum.shape(), values));
    }
  }
}
