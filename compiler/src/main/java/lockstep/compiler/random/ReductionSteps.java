// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Shape;

/** Sums, extrema and the like over some dimensions. */
final class ReductionSteps {
  private static final List<String> ALL_KINDS =
      List.of(
          "ReduceMean",
          "ReduceMean",
          "ReduceSum",
          "ReduceMax",
          "ReduceMin",
          "ReduceL1",
          "ReduceL2",
          "ReduceSumSquare",
          "ReduceLogSumExp",
          "ReduceProd");

  static final List<RandomGraph.Step> ALL =
      List.of(
          d -> any(d, d.any(ALL_KINDS)),
          d -> any(d, d.any(ALL_KINDS)),
          ReductionSteps::spatial,
          ReductionSteps::cumulative,
          ReductionSteps::largest);

  private ReductionSteps() {}

  private static void any(Draft draft, String type) {
    String x = draft.value(s -> s.rank() >= 2);
    Shape shape = draft.shape(x);
    int[] axes = IntStream.range(1, shape.rank()).filter(_ -> draft.random.nextBoolean()).toArray();
    Draft.require(axes.length > 0, "over nothing");
    if (draft.random.nextBoolean()) {
      Arrays.setAll(axes, i -> axes[i] - shape.rank());
    }
    reduce(draft, type, x, draft.random.nextBoolean(), axes);
  }

  /** The mean over height and width, as exporters write global pooling. */
  private static void spatial(Draft draft) {
    reduce(draft, "ReduceMean", draft.ranked(4), draft.random.nextBoolean(), 2, 3);
  }

  static String reduce(Draft draft, String type, String x, boolean keep, int... axes) {
    Attributes attributes = new Attributes().put("keepdims", new Attribute.Int(keep ? 1 : 0));
    boolean asInput = draft.opset >= 18 || type.equals("ReduceSum");
    if (asInput) {
      String dims = draft.longs(Arrays.stream(axes).asLongStream().toArray());
      return draft.add(type, attributes.map(), x, dims);
    }
    return draft.add(type, attributes.and("axes", axes).map(), x);
  }

  private static void cumulative(Draft draft) {
    String x = draft.value(s -> s.rank() >= 1);
    String axis = draft.longs(draft.random.nextInt(draft.shape(x).rank()));
    draft.add("CumSum", Attributes.integer("reverse", draft.random.nextInt(2)), x, axis);
  }

  private static void largest(Draft draft) {
    String x = draft.value(s -> s.rank() >= 1 && s.dim(-1) > 1);
    long k = draft.upTo(draft.shape(x).dim(-1));
    draft.add("TopK", Attributes.NONE, 2, x, draft.longs(k));
  }
}
