// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import lockstep.arch.UserError;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.onnx.OnnxReader;
import lockstep.compiler.onnx.ResolveOperators;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.quant.Calibration;
import lockstep.compiler.quant.IntegerInputs;
import lockstep.compiler.quant.NetworkBuilder;
import lockstep.compiler.topology.Topology;
import lockstep.compiler.zoo.Zoo;

/** The compiler's front half: a model in, a quantised and fused network out. */
public final class ModelCompiler {
  private static final long LARGE_MODEL_MACS = 1_000_000_000;

  private ModelCompiler() {}

  /** As {@link #network(ModelSource, QuantisationOptions, Pipeline)}, with all passes. */
  public static QuantisedModel network(ModelSource source, QuantisationOptions options) {
    return network(source, options, Pipeline.standard());
  }

  /**
   * Reads, rewrites, calibrates and quantises. Equal sources and options give equal networks.
   *
   * @throws UserError if the model cannot be read or compiled; the message names the tensor,
   *     operator or dimension
   */
  public static QuantisedModel network(
      ModelSource source, QuantisationOptions options, Pipeline pipeline) {
    return switch (source) {
      case ModelSource.LayerList list -> Topology.network(list.name(), list.where(), list.bytes());
      case ModelSource.BuiltIn _, ModelSource.Onnx _, ModelSource.Text _ ->
          named(source, () -> quantise(pipeline.run(read(source)), options));
    };
  }

  /**
   * The float graph before any pass.
   *
   * @throws UserError if the model cannot be read, or is a layer list, which has no graph
   */
  public static Graph read(ModelSource source) {
    return named(source, () -> resolved(source));
  }

  /**
   * The graph as it is in the file: only inputs and constants need have types.
   *
   * @param inputs shapes of the inputs in the model's order, for dimensions that the model leaves
   *     open and the source does not give; empty for none
   * @throws UserError if the model cannot be read, or is a layer list, which has no graph
   */
  public static Graph raw(ModelSource source, List<Shape> inputs) {
    return named(
        source,
        () ->
            switch (source) {
              case ModelSource.BuiltIn builtIn -> Zoo.graph(builtIn.name(), builtIn.dims());
              case ModelSource.Onnx onnx ->
                  OnnxReader.read(onnx.bytes(), onnx.path(), onnx.dims(), inputs);
              case ModelSource.Text text -> text.graph();
              case ModelSource.LayerList list ->
                  throw new UserError(list.where() + ": a layer list has no graph");
            });
  }

  private static Graph resolved(ModelSource source) {
    Graph raw = raw(source, List.of());
    if (source instanceof ModelSource.Text) {
      return raw;
    }
    Graph graph = ResolveOperators.apply(raw);
    return new Graph(
        source.name(),
        graph.opset(),
        graph.inputs(),
        graph.nodes(),
        graph.outputs(),
        graph.types(),
        graph.constants(),
        graph.quantisations());
  }

  /** Messages that do not start with the model's file or name get it in front. */
  public static <T> T named(ModelSource source, Supplier<T> step) {
    try {
      return step.get();
    } catch (UserError e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(source.where() + ":")
          ? e
          : new UserError(source.where() + ": " + message, e.exitCode());
    }
  }

  private static QuantisedModel quantise(Graph graph, QuantisationOptions options) {
    requireElements(graph);
    List<String> values = NetworkBuilder.calibrated(graph);
    List<String> notes = new ArrayList<>();
    List<Map<String, float[]>> inputs = options.inputs();
    if (!graph.quantisations().isEmpty()) {
      notes.add("quantised by the model itself: its scales and zero points are used as they are");
    }
    if (!values.isEmpty() && inputs.isEmpty()) {
      int count =
          options.seededInputs() > 0
              ? options.seededInputs()
              : macs(graph) >= LARGE_MODEL_MACS ? 1 : 3;
      inputs = seeded(graph, count, options.seed());
      notes.add(
          "calibrated on "
              + count
              + " seeded input"
              + (count == 1 ? "" : "s")
              + " (standard normal, seed "
              + options.seed()
              + ")");
    } else if (!values.isEmpty()) {
      requireInputs(graph, inputs);
      notes.add(
          "calibrated on " + inputs.size() + " given input" + (inputs.size() == 1 ? "" : "s"));
    } else if (!inputs.isEmpty()) {
      notes.add("the calibration inputs given were not needed");
    }
    return NetworkBuilder.build(graph, Calibration.ranges(graph, values, inputs), inputs, notes);
  }

  /** Machines have no tensors without elements. */
  private static void requireElements(Graph graph) {
    graph
        .types()
        .forEach(
            (value, type) -> {
              if (type.shape().elements() == 0) {
                throw new UserError(
                    "value '" + value + "' is " + type + ", without elements; change its sizes");
              }
            });
  }

  private static void requireInputs(Graph graph, List<Map<String, float[]>> inputs) {
    for (Map<String, float[]> run : inputs) {
      for (String name : graph.inputs()) {
        float[] values = run.get(name);
        if (values == null || values.length != graph.type(name).shape().elements()) {
          throw new UserError(
              "calibration input '"
                  + name
                  + "' has "
                  + (values == null ? "no values" : values.length + " values")
                  + "; the model takes "
                  + graph.type(name));
        }
      }
    }
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

  /** Standard normal floats and even integers, the same for the same seed. */
  private static List<Map<String, float[]>> seeded(Graph graph, int count, long seed) {
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
}
