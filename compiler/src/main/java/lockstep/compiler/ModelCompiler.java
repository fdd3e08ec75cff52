// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.onnx.OnnxReader;
import lockstep.compiler.onnx.ResolveOperators;
import lockstep.compiler.onnx.qoperators.QOperators;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.topology.Topology;
import lockstep.compiler.zoo.Zoo;

/** The compiler's front half: a model in, a quantised and fused network out. */
public final class ModelCompiler {
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
    return prepare(source, options, pipeline).quantised(options.choices());
  }

  /**
   * A model that can be quantised in several ways; it is read and rewritten when that is asked for.
   *
   * @param options all but {@link QuantisationOptions#choices}
   * @throws UserError if a layer list cannot be read
   */
  public static PreparedModel prepare(
      ModelSource source, QuantisationOptions options, Pipeline pipeline) {
    return switch (source) {
      case ModelSource.LayerList list ->
          new PreparedModel.LayerSizes(Topology.network(list.name(), list.where(), list.bytes()));
      case ModelSource.BuiltIn _, ModelSource.Onnx _, ModelSource.InMemory _, ModelSource.Text _ ->
          new PreparedModel.FloatModel(source, pipeline, options);
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
              case ModelSource.InMemory model ->
                  OnnxReader.read(model.bytes(), Path.of(model.name()), Map.of(), inputs);
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
    Graph graph = ResolveOperators.apply(QOperators.apply(raw));
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
}
