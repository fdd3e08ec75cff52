// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Shape;

/** Normalisations and softmax, as operators and in the parts that exporters write. */
final class NormalisationSteps {
  static final List<RandomGraph.Step> ALL =
      List.of(
          d -> batch(d, d.value(s -> s.rank() >= 2)),
          d -> batch(d, d.value(s -> s.rank() >= 2)),
          NormalisationSteps::instance,
          NormalisationSteps::groups,
          d -> layer(d, d.value(s -> s.rank() >= 2)),
          d -> layerInParts(d, d.value(s -> s.rank() >= 2)),
          NormalisationSteps::rootMeanSquare,
          NormalisationSteps::local,
          NormalisationSteps::length,
          d -> softmax(d, d.value(s -> s.rank() >= 1)),
          d -> softmax(d, d.value(s -> s.rank() >= 1)),
          NormalisationSteps::softmaxInParts);

  private NormalisationSteps() {}

  static String batch(Draft draft, String x) {
    int channels = draft.shape(x).dim(1);
    return draft.add(
        "BatchNormalization",
        Attributes.real("epsilon", 1e-3),
        x,
        draft.floats(0.5, 1.5, channels),
        draft.floats(-0.5, 0.5, channels),
        draft.floats(-0.5, 0.5, channels),
        draft.floats(0.5, 2, channels));
  }

  private static void instance(Draft draft) {
    String x = draft.value(s -> s.rank() >= 3 && s.product(2, s.rank()) > 1);
    int channels = draft.shape(x).dim(1);
    draft.add(
        "InstanceNormalization",
        Attributes.real("epsilon", 1e-2),
        x,
        draft.floats(0.5, 1.5, channels),
        draft.floats(-0.5, 0.5, channels));
  }

  private static void groups(Draft draft) {
    Draft.require(draft.opset >= 21, "in another form before");
    String x = draft.value(s -> s.rank() >= 3 && s.dim(1) % 2 == 0);
    int channels = draft.shape(x).dim(1);
    Attributes attributes = new Attributes().put("num_groups", new Attribute.Int(2));
    attributes.put("epsilon", new Attribute.Real(1e-2f));
    draft.add(
        "GroupNormalization",
        attributes.map(),
        x,
        draft.floats(0.5, 1.5, channels),
        draft.floats(-0.5, 0.5, channels));
  }

  static String layer(Draft draft, String x) {
    Draft.require(draft.opset >= 17, "no operator of its own before");
    int size = draft.shape(x).dim(-1);
    Draft.require(size > 1, "of one element");
    String scale = draft.floats(0.5, 1.5, size);
    Map<String, Attribute> attributes = Attributes.real("epsilon", 1e-2);
    return draft.once(3)
        ? draft.add("LayerNormalization", attributes, x, scale)
        : draft.add("LayerNormalization", attributes, x, scale, draft.floats(-0.5, 0.5, size));
  }

  static String layerInParts(Draft draft, String x) {
    int size = draft.shape(x).dim(-1);
    Draft.require(size > 1, "of one element");
    String mean = ReductionSteps.reduce(draft, "ReduceMean", x, true, -1);
    String centred = draft.add("Sub", Attributes.NONE, x, mean);
    String squares =
        draft.random.nextBoolean()
            ? draft.add("Pow", Attributes.NONE, centred, draft.number(2))
            : draft.add("Mul", Attributes.NONE, centred, centred);
    String variance = ReductionSteps.reduce(draft, "ReduceMean", squares, true, -1);
    String above = draft.add("Add", Attributes.NONE, variance, draft.number(0.01));
    String deviation = draft.add("Sqrt", Attributes.NONE, above);
    String normal = draft.add("Div", Attributes.NONE, centred, deviation);
    String scaled = draft.add("Mul", Attributes.NONE, normal, draft.floats(0.5, 1.5, size));
    return draft.add("Add", Attributes.NONE, scaled, draft.floats(-0.5, 0.5, size));
  }

  private static void rootMeanSquare(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2 && s.dim(-1) > 1);
    int size = draft.shape(x).dim(-1);
    String scale = draft.floats(0.5, 1.5, size);
    if (draft.opset >= 23 && draft.random.nextBoolean()) {
      draft.add("RMSNormalization", Attributes.real("epsilon", 1e-2), x, scale);
      return;
    }
    String squares = draft.add("Pow", Attributes.NONE, x, draft.number(2));
    String mean = ReductionSteps.reduce(draft, "ReduceMean", squares, true, -1);
    String root =
        draft.add(
            "Sqrt", Attributes.NONE, draft.add("Add", Attributes.NONE, mean, draft.number(0.01)));
    String inverse = draft.add("Reciprocal", Attributes.NONE, root);
    String normal = draft.add("Mul", Attributes.NONE, x, inverse);
    draft.add("Mul", Attributes.NONE, normal, scale);
  }

  private static void local(Draft draft) {
    String x = draft.ranked(4);
    draft.add("LRN", Attributes.integer("size", draft.any(List.of(1, 3, 5))), x);
  }

  private static void length(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2 && s.dim(-1) > 1);
    String away = draft.add("Add", Attributes.NONE, x, draft.number(0.3));
    draft.add("LpNormalization", Attributes.integer("p", draft.upTo(2)), away);
  }

  static String softmax(Draft draft, String x) {
    Shape shape = draft.shape(x);
    int axis = draft.once(4) ? draft.random.nextInt(shape.rank()) : -1;
    String type = draft.any(List.of("Softmax", "Softmax", "Softmax", "LogSoftmax"));
    return draft.add(type, Attributes.integer("axis", axis), x);
  }

  private static void softmaxInParts(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    String greatest = ReductionSteps.reduce(draft, "ReduceMax", x, true, -1);
    String below = draft.add("Sub", Attributes.NONE, x, greatest);
    String powers = draft.add("Exp", Attributes.NONE, below);
    String sum = ReductionSteps.reduce(draft, "ReduceSum", powers, true, -1);
    draft.add("Div", Attributes.NONE, powers, sum);
  }
}
