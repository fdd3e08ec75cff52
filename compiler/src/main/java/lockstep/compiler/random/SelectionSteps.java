// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.List;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/** Comparisons, masks, and what chooses elements by them or by place. */
final class SelectionSteps {
  private static final List<String> RELATIONS =
      List.of("Greater", "Less", "GreaterOrEqual", "LessOrEqual");
  private static final int FLOAT = 1;

  static final List<RandomGraph.Step> ALL =
      List.of(
          SelectionSteps::where,
          SelectionSteps::masked,
          SelectionSteps::logic,
          SelectionSteps::causal,
          SelectionSteps::oneHot,
          SelectionSteps::gatherElements,
          SelectionSteps::scatter,
          SelectionSteps::triangle,
          SelectionSteps::reversed,
          SelectionSteps::roundTrip);

  private SelectionSteps() {}

  private static String compared(Draft draft, String x) {
    return draft.add(
        draft.any(RELATIONS), Attributes.NONE, x, draft.number(draft.random.nextDouble(-0.5, 0.5)));
  }

  private static void where(Draft draft) {
    String x = draft.value();
    Shape shape = draft.shape(x);
    String y = draft.once(3) ? draft.number(-2) : draft.value(shape::equals);
    draft.add("Where", Attributes.NONE, compared(draft, x), x, y);
  }

  private static void masked(Draft draft) {
    String x = draft.value();
    String mask = draft.add("Cast", Attributes.integer("to", FLOAT), compared(draft, x));
    draft.add("Mul", Attributes.NONE, x, mask);
  }

  private static void logic(Draft draft) {
    String x = draft.value();
    String a = compared(draft, x);
    String b = draft.add("Not", Attributes.NONE, compared(draft, x));
    String both = draft.add(draft.any(List.of("And", "Or", "Xor")), Attributes.NONE, a, b);
    draft.add("Cast", Attributes.integer("to", FLOAT), both);
  }

  /** A constant mask, as that of a decoder. */
  private static void causal(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    int rows = draft.shape(x).dim(-2);
    int columns = draft.shape(x).dim(-1);
    float[] mask = new float[rows * columns];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % columns > i / columns ? -8 : 0;
    }
    String added =
        draft.add(
            "Add",
            Attributes.NONE,
            x,
            draft.constant(new Constant.Floats(Shape.of(rows, columns), mask)));
    draft.add("Softmax", Attributes.integer("axis", -1), added);
  }

  private static void oneHot(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    int last = draft.shape(x).dim(-1);
    Attributes attributes = new Attributes().put("axis", new Attribute.Int(-1));
    attributes.put("keepdims", new Attribute.Int(0));
    String place = draft.add(draft.any(List.of("ArgMax", "ArgMin")), attributes.map(), x);
    String depth =
        draft.constant(new Constant.Integers(ElementType.INT64, Shape.SCALAR, new long[] {last}));
    String values = draft.constant(new Constant.Floats(Shape.of(2), new float[] {0, 1}));
    draft.add("OneHot", Attributes.NONE, place, depth, values);
  }

  private static String places(Draft draft, Shape shape, int below) {
    long[] drawn = draft.random.longs(shape.elements(), 0, below).toArray();
    return draft.constant(new Constant.Integers(ElementType.INT64, shape, drawn));
  }

  private static void gatherElements(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    Shape shape = draft.shape(x);
    int axis = draft.random.nextInt(shape.rank());
    String indices = places(draft, shape, shape.dim(axis));
    draft.add("GatherElements", Attributes.integer("axis", axis), x, indices);
  }

  /** Rows added to those of a value. */
  private static void scatter(Draft draft) {
    Draft.require(draft.opset >= 18, "without a sum before");
    String x = draft.value(s -> s.rank() >= 2);
    Shape shape = draft.shape(x);
    String indices = places(draft, Shape.of(2, 1), shape.dim(0));
    int[] dims = shape.with(0, 2).dims().stream().mapToInt(Integer::intValue).toArray();
    draft.add(
        "ScatterND", Attributes.text("reduction", "add"), x, indices, draft.floats(-1, 1, dims));
  }

  private static void triangle(Draft draft) {
    Draft.require(draft.opset >= 14, "not before");
    String x = draft.value(s -> s.rank() >= 2);
    draft.add("Trilu", Attributes.integer("upper", draft.random.nextInt(2)), x);
  }

  private static void reversed(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    Shape shape = draft.shape(x);
    long[] lengths = draft.random.longs(shape.dim(1), 1, shape.dim(0) + 1).toArray();
    draft.add("ReverseSequence", Attributes.NONE, x, draft.longs(lengths));
  }

  private static void roundTrip(Draft draft) {
    String x = draft.value();
    int integer = draft.any(List.of(6, 7));
    String whole = draft.add("Cast", Attributes.integer("to", integer), x);
    draft.add("Cast", Attributes.integer("to", FLOAT), whole);
  }
}
