// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.Arrays;
import java.util.List;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;

/** Functions of one or more elements. */
final class ElementSteps {
  private static final List<String> FUNCTIONS =
      List.of(
          "Abs",
          "Neg",
          "Sign",
          "Ceil",
          "Floor",
          "Round",
          "Erf",
          "Sin",
          "Cos",
          "Atan",
          "Tanh",
          "Asinh",
          "Sigmoid",
          "Softplus",
          "Softsign",
          "Identity",
          "Exp");
  private static final List<String> ACTIVATIONS =
      List.of(
          "Relu",
          "Relu",
          "LeakyRelu",
          "ThresholdedRelu",
          "Elu",
          "Selu",
          "Celu",
          "HardSigmoid",
          "HardSwish",
          "Shrink");
  private static final List<String> PAIRS =
      List.of("Add", "Add", "Sub", "Mul", "Max", "Min", "Sum", "Mean");

  static final List<RandomGraph.Step> ALL =
      List.of(
          d -> d.add(d.any(FUNCTIONS), Attributes.NONE, d.value()),
          ElementSteps::positive,
          d -> activation(d, d.value()),
          d -> activation(d, d.value()),
          ElementSteps::parametric,
          ElementSteps::clip,
          ElementSteps::constant,
          ElementSteps::constant,
          ElementSteps::constant,
          ElementSteps::power,
          ElementSteps::pair,
          ElementSteps::pair,
          ElementSteps::quotient,
          ElementSteps::several);

  private ElementSteps() {}

  static String activation(Draft draft, String x) {
    String type = draft.any(ACTIVATIONS);
    Draft.require(!type.equals("HardSwish") || draft.opset >= 14, "not before");
    boolean leaky = type.equals("LeakyRelu") && draft.random.nextBoolean();
    return draft.add(
        type,
        leaky ? Attributes.real("alpha", draft.any(List.of(0.1, 0.25, 1.5))) : Attributes.NONE,
        x);
  }

  /** A function that is defined where its operand is positive. */
  private static void positive(Draft draft) {
    String size = draft.add("Abs", Attributes.NONE, draft.value());
    String positive = draft.add("Add", Attributes.NONE, size, draft.number(0.1));
    draft.add(draft.any(List.of("Sqrt", "Log", "Reciprocal")), Attributes.NONE, positive);
  }

  private static void parametric(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    int[] dims = new int[draft.shape(x).rank() - 1];
    Arrays.fill(dims, 1);
    dims[0] = draft.once(3) ? 1 : draft.shape(x).dim(1);
    draft.add("PRelu", Attributes.NONE, x, draft.floats(-0.2, 0.8, dims));
  }

  private static void clip(Draft draft) {
    String x = draft.value();
    switch (draft.random.nextInt(4)) {
      case 0 -> draft.add("Clip", Attributes.NONE, x, draft.number(0), draft.number(6));
      case 1 -> draft.add("Clip", Attributes.NONE, x, "", draft.number(0.7));
      case 2 -> draft.add("Clip", Attributes.NONE, x, draft.number(-0.4));
      default -> draft.add("Clip", Attributes.NONE, x, draft.number(-1), draft.number(1));
    }
  }

  /** With a constant: one number, one for each channel or column, or one for each element. */
  private static void constant(Draft draft) {
    String x = draft.value();
    String type = draft.any(List.of("Add", "Sub", "Mul", "Div", "Max", "Min"));
    double from = type.equals("Div") ? 0.5 : -1.5;
    String c = operand(draft, draft.shape(x), from);
    boolean swap = draft.once(4) && !type.equals("Div");
    draft.add(type, Attributes.NONE, swap ? c : x, swap ? x : c);
  }

  private static String operand(Draft draft, Shape shape, double from) {
    int[] dims = new int[shape.rank()];
    Arrays.fill(dims, 1);
    switch (draft.random.nextInt(5)) {
      case 0 -> {
        return draft.floats(from, 1.5);
      }
      case 1, 2 -> {
        if (dims.length > 1) {
          dims[1] = shape.dim(1);
        }
      }
      case 3 -> {
        if (dims.length > 0) {
          dims[dims.length - 1] = shape.dim(-1);
        }
      }
      default -> Arrays.setAll(dims, i -> draft.once(3) ? 1 : shape.dim(i));
    }
    return draft.floats(from, 1.5, dims);
  }

  private static void power(Draft draft) {
    String x = draft.value();
    draft.add("Pow", Attributes.NONE, x, draft.number(draft.any(List.of(1, 2, 2, 3))));
  }

  /** Two values that are equal in shape, or that broadcast. */
  private static void pair(Draft draft) {
    String x = draft.value();
    String y = partner(draft, x);
    draft.add(draft.any(PAIRS), Attributes.NONE, x, y);
  }

  private static String partner(Draft draft, String x) {
    Shape shape = draft.shape(x);
    boolean equal = draft.random.nextBoolean();
    return draft.value(s -> equal ? s.equals(shape) : broadcasts(s, shape));
  }

  private static boolean broadcasts(Shape a, Shape b) {
    try {
      TypeInference.broadcast(a, b);
      return true;
    } catch (IllegalArgumentException misfit) {
      return false;
    }
  }

  private static void quotient(Draft draft) {
    String x = draft.value();
    String size = draft.add("Abs", Attributes.NONE, partner(draft, x));
    String divisor = draft.add("Add", Attributes.NONE, size, draft.number(1));
    draft.add("Div", Attributes.NONE, x, divisor);
  }

  private static void several(Draft draft) {
    String x = draft.value();
    Shape shape = draft.shape(x);
    String y = draft.value(shape::equals);
    String z = draft.value(shape::equals);
    draft.add(draft.any(List.of("Sum", "Mean", "Max", "Min")), Attributes.NONE, x, y, z);
  }
}
