// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;

/**
 * Draws small float models for testing the whole compiler: chains and branches of ONNX operators of
 * all families, as they are in files. The same generator state gives the same model.
 *
 * <p>While it is drawn the model is evaluated on one drawn input, so every value of that run is
 * finite and of moderate size. Values that nothing reads are outputs.
 */
public final class RandomGraph {
  private static final int[] OPSETS = {13, 17, 18, 21, 23};
  private static final int TRIES_PER_STEP = 20;

  /** A family as often as it is in the list. */
  private static final List<List<Step>> FAMILIES =
      List.of(
          WindowSteps.ALL,
          WindowSteps.ALL,
          ProductSteps.ALL,
          ProductSteps.ALL,
          ElementSteps.ALL,
          ElementSteps.ALL,
          BlockSteps.ALL,
          NormalisationSteps.ALL,
          MovementSteps.ALL,
          MovementSteps.ALL,
          SelectionSteps.ALL,
          ReductionSteps.ALL);

  /**
   * A way to add to a model: one operator, or several that belong together.
   *
   * <p>Throws {@link Draft.Unfit} where the values that there are do not suit.
   */
  interface Step {
    void draw(Draft draft);
  }

  private RandomGraph() {}

  /**
   * A model of {@code steps} steps, each of one or a few operators.
   *
   * @param largest bound on channels, height and width of its inputs and of most values
   */
  public static Graph draw(RandomGenerator random, int steps, int largest) {
    Draft draft = new Draft(random, OPSETS[random.nextInt(OPSETS.length)], largest);
    draft.any(InputSteps.ALL).draw(draft);
    if (random.nextInt(4) == 0) {
      draft.any(InputSteps.ALL).draw(draft);
    }
    for (int tries = 0, drawn = 0; drawn < steps && tries < steps * TRIES_PER_STEP; tries++) {
      if (draft.attempt(draft.any(draft.any(FAMILIES)))) {
        drawn++;
      }
    }
    return draft.graph("random");
  }

  /** How often each operator occurs in a model, by ONNX name. */
  public static SortedMap<String, Integer> operators(Graph graph) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    graph.nodes().stream()
        .flatMap(n -> n.op() instanceof Op.Foreign f ? Stream.of(f.type()) : Stream.empty())
        .forEach(type -> counts.merge(type, 1, Integer::sum));
    return counts;
  }
}
