// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;

/**
 * Runs the integer network in the reference interpreter and the rewritten float graph in ONNX
 * Runtime on the same inputs, and compares every result that both have.
 */
public final class Quality {
  private final Graph graph;
  private final QuantisedModel model;
  private final Map<String, SignalToNoise> layers = new LinkedHashMap<>();
  private final List<SignalToNoise> outputs = new ArrayList<>();
  private final List<Integer> tops = new ArrayList<>();
  private final List<Integer> floatTops = new ArrayList<>();

  private Quality(Graph graph, QuantisedModel model) {
    this.graph = graph;
    this.model = model;
  }

  /**
   * @param graph the rewritten float graph that {@code model} was quantised from
   * @param choices that it was quantised by
   * @throws UserError if inputs or labels do not fit the model
   */
  public static QualityReport measure(
      Graph graph, QuantisedModel model, Quantisation choices, QualityInputs inputs) {
    return new Quality(graph, model).measure(choices, inputs);
  }

  private QualityReport measure(Quantisation choices, QualityInputs inputs) {
    Map<String, Tensor> compared = compared();
    compared.keySet().forEach(name -> layers.put(name, new SignalToNoise()));
    model.outputs().forEach(_ -> outputs.add(new SignalToNoise()));
    Set<String> wanted = new LinkedHashSet<>(compared.keySet());
    graph.outputs().forEach(o -> wanted.add(o.value()));
    try (FloatReference reference = new FloatReference(graph, List.copyOf(wanted))) {
      for (Map<String, float[]> run : inputs.runs()) {
        compare(reference, run, compared);
      }
    }
    List<Integer> labels = inputs.labels();
    if (!labels.isEmpty() && labels.size() != tops.size()) {
      throw new UserError(
          labels.size() + " labels for " + tops.size() + " samples; give one for each, in order");
    }
    List<QualityReport.OutputQuality> ends = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      ends.add(
          new QualityReport.OutputQuality(model.outputs().get(i).name(), outputs.get(i).decibel()));
    }
    return new QualityReport(
        inputs.words(),
        tops.size(),
        layers(choices),
        ends,
        share(tops, floatTops),
        labels.isEmpty() ? null : Double.valueOf(share(tops, labels)),
        labels.isEmpty() ? null : Double.valueOf(share(floatTops, labels)));
  }

  /** The layers' results that the float graph has under the same name. */
  private Map<String, Tensor> compared() {
    Map<String, Tensor> compared = new LinkedHashMap<>();
    for (Layer layer : model.network().layers()) {
      Tensor tensor = layer.output();
      if (graph.types().containsKey(tensor.name()) && tensor.raw() == null) {
        compared.put(tensor.name(), tensor);
      }
    }
    return compared;
  }

  private void compare(
      FloatReference reference, Map<String, float[]> run, Map<String, Tensor> compared) {
    Map<String, byte[]> bytes = new HashMap<>();
    for (QuantisedModel.Input input : model.inputs()) {
      float[] floats = Objects.requireNonNull(run.get(input.name()), input.name());
      bytes.put(input.tensor().name(), input.quantise(floats));
    }
    Map<String, byte[]> values = Interpreter.run(model.network(), bytes);
    reference.run(
        run,
        (name, floats) -> {
          Tensor tensor = compared.get(name);
          if (tensor != null) {
            Objects.requireNonNull(layers.get(name))
                .add(floats, tensor.reals(Objects.requireNonNull(values.get(name))));
          }
          for (int i = 0; i < outputs.size(); i++) {
            if (graph.outputs().get(i).value().equals(name)) {
              output(i, floats, values);
            }
          }
        });
  }

  private void output(int index, float[] floats, Map<String, byte[]> values) {
    QuantisedModel.Result result = model.outputs().get(index);
    float[] actual = result.dequantise(Objects.requireNonNull(values.get(result.tensor().name())));
    outputs.get(index).add(floats, actual);
    if (index == 0) {
      tops.addAll(TopClass.of(result.shape(), actual));
      floatTops.addAll(TopClass.of(result.shape(), floats));
    }
  }

  private List<QualityReport.LayerQuality> layers(Quantisation choices) {
    List<QualityReport.LayerQuality> all = new ArrayList<>();
    for (Layer layer : model.network().layers()) {
      SignalToNoise ratio = layers.get(layer.output().name());
      if (ratio != null) {
        var chosen = choices.of(layer.name(), layer.source());
        all.add(
            new QualityReport.LayerQuality(
                layer.name(),
                ratio.decibel(),
                layer instanceof Layer.Convolution ? chosen.weightBits() : 0,
                layer.output().bits(),
                layer instanceof Layer.Convolution c ? LayerZeros.of(c, chosen.pruning()) : null));
      }
    }
    return all;
  }

  private static double share(List<Integer> actual, List<Integer> expected) {
    int equal = 0;
    for (int i = 0; i < actual.size(); i++) {
      equal += actual.get(i).equals(expected.get(i)) ? 1 : 0;
    }
    return actual.isEmpty() ? 1 : (double) equal / actual.size();
  }
}
