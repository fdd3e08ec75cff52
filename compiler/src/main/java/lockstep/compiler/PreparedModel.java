// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.LayerRule;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.quant.Calibration;
import lockstep.compiler.quant.Capabilities;
import lockstep.compiler.quant.ChoiceText;
import lockstep.compiler.quant.NetworkBuilder;

/** A model read and rewritten, which can be quantised in several ways; fit for several threads. */
public sealed interface PreparedModel {

  /**
   * The model so quantised: equal choices give equal models.
   *
   * @param capabilities what the machine does itself
   * @throws UserError if it cannot be; the message names the tensor or operator
   */
  QuantisedModel quantised(Quantisation choices, Capabilities capabilities);

  /** The same for a machine of convolutions and products only. */
  default QuantisedModel quantised(Quantisation choices) {
    return quantised(choices, Capabilities.NONE);
  }

  /** The same model with other passes; equal pipelines give the same object. */
  PreparedModel running(Pipeline passes);

  /** A list of layers' sizes: it has no numbers to quantise, and no pass changes it. */
  record LayerSizes(QuantisedModel model) implements PreparedModel {
    @Override
    public PreparedModel running(Pipeline passes) {
      return this;
    }

    @Override
    public QuantisedModel quantised(Quantisation choices, Capabilities capabilities) {
      return model;
    }
  }

  /** A model with numbers. What takes memory is let go when it runs short, and made again. */
  final class FloatModel implements PreparedModel {
    private static final int MOST_SEEDED = 3;

    private final ModelSource source;
    private final Pipeline pipeline;
    private final QuantisationOptions options;
    private final Map<Key, SoftReference<QuantisedModel>> known = new HashMap<>();
    private final ConcurrentMap<Pipeline, FloatModel> siblings;
    private SoftReference<Calibrated> calibrated = new SoftReference<>(null);

    private record Key(Quantisation choices, Capabilities capabilities) {}

    /** The rewritten graph and what its values are. */
    private record Calibrated(
        Graph graph,
        List<Map<String, float[]>> inputs,
        List<String> notes,
        Calibration calibration) {}

    FloatModel(ModelSource source, Pipeline pipeline, QuantisationOptions options) {
      this(source, pipeline, options, new ConcurrentHashMap<>());
      siblings.put(pipeline, this);
    }

    private FloatModel(
        ModelSource source,
        Pipeline pipeline,
        QuantisationOptions options,
        ConcurrentMap<Pipeline, FloatModel> siblings) {
      this.source = source;
      this.pipeline = pipeline;
      this.options = options;
      this.siblings = siblings;
    }

    @Override
    public PreparedModel running(Pipeline passes) {
      return siblings.computeIfAbsent(
          passes, each -> new FloatModel(source, each, options, siblings));
    }

    private synchronized Calibrated calibrated() {
      Calibrated present = calibrated.get();
      if (present == null) {
        Graph graph = pipeline.run(EmptyValues.refuse(ModelCompiler.read(source)));
        List<String> notes = new ArrayList<>();
        List<Map<String, float[]>> inputs = inputs(graph, notes);
        present = new Calibrated(graph, inputs, notes, new Calibration(graph, inputs));
        calibrated = new SoftReference<>(present);
      }
      return present;
    }

    /** The rewritten graph, in floats. */
    public Graph graph() {
      return ModelCompiler.named(source, () -> calibrated().graph());
    }

    /** Inputs like those of the calibration, drawn with another seed. */
    public List<Map<String, float[]>> otherSeeded(int most) {
      Graph graph = graph();
      return SeededInputs.draw(graph, SeededInputs.count(graph, most), options.seed() + 1);
    }

    /** The calibration inputs that were given, none if they are seeded. */
    public List<Map<String, float[]>> given() {
      return options.inputs();
    }

    @Override
    public synchronized QuantisedModel quantised(Quantisation choices, Capabilities capabilities) {
      Key key = new Key(choices, capabilities);
      SoftReference<QuantisedModel> reference = known.get(key);
      QuantisedModel model = reference == null ? null : reference.get();
      if (model == null) {
        model = ModelCompiler.named(source, () -> quantise(calibrated(), choices, capabilities));
        known.put(key, new SoftReference<>(model));
      }
      return model;
    }

    private QuantisedModel quantise(
        Calibrated from, Quantisation choices, Capabilities capabilities) {
      Graph graph = from.graph();
      List<String> all = new ArrayList<>(from.notes());
      boolean prescribed = !graph.quantisations().isEmpty();
      if (!choices.equals(Quantisation.DEFAULT)) {
        all.add(ChoiceText.of(choices));
        if (prescribed) {
          all.add("what the model itself prescribes, quantisation: does not change");
        }
      }
      for (LayerRule rule : choices.layers()) {
        if (graph.nodes().stream().noneMatch(n -> rule.matches(n.name(), n.source()))) {
          all.add("quantisation.layers: no layer is called " + rule.match());
        }
      }
      QuantisedModel built =
          NetworkBuilder.build(
              graph, from.calibration(), choices, capabilities, from.inputs(), all);
      return built.with(pipeline.run(built.network(), _ -> {}));
    }

    private List<Map<String, float[]>> inputs(Graph graph, List<String> notes) {
      List<String> values = NetworkBuilder.calibrated(graph);
      List<Map<String, float[]>> given = options.inputs();
      if (!graph.quantisations().isEmpty()) {
        notes.add("quantised by the model itself: its scales and zero points are used as they are");
      }
      if (!values.isEmpty() && given.isEmpty()) {
        int count =
            options.seededInputs() > 0
                ? options.seededInputs()
                : SeededInputs.count(graph, MOST_SEEDED);
        notes.add(
            "calibrated on "
                + count
                + " seeded input"
                + (count == 1 ? "" : "s")
                + " (standard normal, seed "
                + options.seed()
                + ")");
        return SeededInputs.draw(graph, count, options.seed());
      } else if (!values.isEmpty()) {
        requireInputs(graph, given);
        notes.add(
            "calibrated on " + given.size() + " given input" + (given.size() == 1 ? "" : "s"));
      } else if (!given.isEmpty()) {
        notes.add("the calibration inputs given were not needed");
      }
      return given;
    }

    private static void requireInputs(Graph graph, List<Map<String, float[]>> runs) {
      for (Map<String, float[]> run : runs) {
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
  }
}
