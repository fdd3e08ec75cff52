// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.data.DataSet;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * One run of a model as its file says it, before any pass, in {@link FloatInterpreter}.
 *
 * @param inputs what it was run on, in words
 * @param outputs in the model's order
 */
public record FloatRun(String inputs, List<Output> outputs) {
  public FloatRun {
    outputs = List.copyOf(outputs);
  }

  /**
   * An output and what is known of it.
   *
   * @param difference from the reference as {@link Difference} defines it; null where there is none
   */
  public record Output(
      String name, ValueType type, Statistics statistics, @Nullable Double difference) {}

  /** Runs the model on a set, and compares with the outputs of the set. */
  public static FloatRun on(ModelSource source, DataSet set) {
    Graph graph = ModelCompiler.raw(source, set.inputs().stream().map(Constant::shape).toList());
    Map<String, Constant> inputs = new HashMap<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      String name = graph.inputs().get(i);
      if (i >= set.inputs().size()) {
        throw new UserError(
            set.name() + ": there is no input_" + i + " for the model's input '" + name + "'");
      }
      Constant given = set.inputs().get(i);
      if (!given.type().equals(graph.type(name))) {
        throw new UserError(
            set.name()
                + ": input_"
                + i
                + " is "
                + given.type()
                + "; the model's input '"
                + name
                + "' is "
                + graph.type(name));
      }
      inputs.put(name, given);
    }
    return run(source, graph, inputs, set.outputs(), set.name());
  }

  /** Runs the model on seeded inputs. */
  public static FloatRun seeded(ModelSource source, long seed) {
    Graph graph = ModelCompiler.raw(source, List.of());
    DrawnInputs drawn = ModelCompiler.named(source, () -> DrawnInputs.of(graph, seed));
    return run(source, graph, drawn.values(), List.of(), drawn.words());
  }

  private static FloatRun run(
      ModelSource source,
      Graph graph,
      Map<String, Constant> inputs,
      List<Constant> expected,
      String words) {
    Map<String, Constant> results =
        ModelCompiler.named(source, () -> FloatInterpreter.run(graph, inputs));
    List<Output> outputs = new ArrayList<>();
    results.forEach(
        (name, value) -> {
          Constant reference =
              outputs.size() < expected.size() ? expected.get(outputs.size()) : null;
          outputs.add(
              new Output(
                  name,
                  value.type(),
                  Statistics.of(value),
                  reference == null ? null : Difference.of(value, reference)));
        });
    return new FloatRun(words, outputs);
  }

  /** The greatest difference of an output; null where there is no reference. */
  public @Nullable Double difference() {
    Double greatest = null;
    for (Output output : outputs) {
      if (output.difference() != null) {
        greatest = Math.max(greatest == null ? 0 : greatest, output.difference());
      }
    }
    return greatest;
  }
}
