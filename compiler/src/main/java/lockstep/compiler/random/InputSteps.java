// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/** What goes into a model: images, signals, sequences of vectors, vectors, tokens. */
final class InputSteps {
  static final List<RandomGraph.Step> ALL =
      List.of(
          d -> normal(d, d.upTo(2), d.upTo(d.largest), d.upTo(d.largest), d.upTo(d.largest)),
          d -> normal(d, 1, d.upTo(d.largest), d.upTo(d.largest), d.upTo(d.largest)),
          d -> normal(d, d.upTo(2), d.upTo(d.largest), d.upTo(d.largest)),
          d -> normal(d, d.upTo(4), d.upTo(2 * d.largest)),
          InputSteps::tokens);

  private InputSteps() {}

  private static void normal(Draft draft, int... dims) {
    float[] values = new float[Math.toIntExact(Shape.of(dims).elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) draft.random.nextGaussian();
    }
    draft.input(new Constant.Floats(Shape.of(dims), values));
  }

  /** Numbers of the rows of a table, looked up in it. */
  private static void tokens(Draft draft) {
    int words = 1 + draft.upTo(20);
    int count = draft.upTo(draft.largest);
    long[] numbers = draft.random.longs(count, 0, words).toArray();
    draft.input(new Constant.Integers(ElementType.INT64, Shape.of(1, count), numbers));
    String table = draft.floats(-1.5, 1.5, words, 1 + draft.upTo(draft.largest));
    draft.add("Gather", Attributes.NONE, table, draft.lastInput());
  }
}
