// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.quant.IntegerInputs;

/** Inputs for a model that has none: standard normal floats and even integers. */
public final class SeededInputs {
  private static final long LARGE_MODEL_MACS = 1_000_000_000;

  private SeededInputs() {}

  /** As many as a model's size allows: {@code most}, or 1 above 10^9 multiply-accumulates. */
  static int count(Graph graph, int most) {
    return macs(graph) >= LARGE_MODEL_MACS ? 1 : most;
  }

  /** Runs by input name, the same for the same seed. */
  static List<Map<String, float[]>> draw(Graph graph, int count, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<Map<String, float[]>> inputs = new ArrayList<>();
    for (int run = 0; run < count; run++) {
      Map<String, float[]> input = new HashMap<>();
      for (String name : graph.inputs()) {
        float[] values = new float[Math.toIntExact(graph.type(name).shape().elements())];
        boolean floats = graph.type(name).element() == ElementType.FLOAT;
        long below = floats ? 0 : Math.min(1 << 24, IntegerInputs.below(graph, name));
        for (int i = 0; i < values.length; i++) {
          values[i] = floats ? (float) random.nextGaussian() : random.nextLong(below);
        }
        input.put(name, values);
      }
      inputs.add(input);
    }
    return inputs;
  }

  private static long macs(Graph graph) {
    long macs = 0;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Conv) {
        long perPixel = graph.type(node.inputs().get(1)).shape().elements();
        long channels = graph.type(node.output()).shape().dim(1);
        macs += graph.type(node.output()).shape().elements() / channels * perPixel;
      }
    }
    return macs;
  }
}
