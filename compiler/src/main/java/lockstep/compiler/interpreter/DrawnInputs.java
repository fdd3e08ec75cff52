// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.onnx.ResolveOperators;
import lockstep.compiler.operators.Evaluation;
import lockstep.compiler.quant.IntegerInputs;

/**
 * Inputs drawn for a graph as it was read: standard normal floats and even integers, the same for
 * the same seed.
 *
 * @param words how they were drawn
 */
record DrawnInputs(Map<String, Constant> values, String words) {
  private static final long LARGEST = 1 << 24;

  static DrawnInputs of(Graph raw, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Map<String, Constant> values = new HashMap<>();
    StringBuilder words = new StringBuilder("inputs drawn with seed " + seed);
    for (String name : raw.inputs()) {
      ValueType type = raw.type(name);
      if (type.shape().elements() > Evaluation.MOST_ELEMENTS) {
        throw new UserError("input '" + name + "' is " + type + "; make the model smaller");
      }
      int count = (int) type.shape().elements();
      if (type.element() == ElementType.FLOAT) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
          floats[i] = (float) random.nextGaussian();
        }
        values.put(name, new Constant.Floats(type.shape(), floats));
      } else {
        long below = Math.min(LARGEST, below(raw, name));
        long[] integers = random.longs(count, 0, below).toArray();
        values.put(name, new Constant.Integers(type.element(), type.shape(), integers));
        words.append(", '").append(name).append("' below ").append(below);
      }
    }
    return new DrawnInputs(values, words.toString());
  }

  private static long below(Graph raw, String name) {
    try {
      return IntegerInputs.below(ResolveOperators.apply(raw), name);
    } catch (UserError e) {
      throw new UserError(
          "inputs cannot be drawn for '"
              + name
              + "', since what it may hold is not known before the model runs ("
              + e.getMessage()
              + "); give inputs with --input FOLDER");
    }
  }
}
