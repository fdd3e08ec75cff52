// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ImageView;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.NetworkCheck;
import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/** Turns a rewritten graph and its calibrated ranges into a network. */
public final class NetworkBuilder implements LaneSite {
  private final Graph graph;
  private final Encodings encodings;
  private final Quantisation quantisation;
  private final ChannelViews views;
  private final Map<String, LanePlan> plans;
  private final LaneLowering lanes;
  private final Placements placements;
  private final boolean lookup;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> consumers = new HashMap<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, String> hostReasons = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final List<Layer> layers = new ArrayList<>();
  private final List<QuantisedModel.HostLayer> hosted = new ArrayList<>();

  private NetworkBuilder(
      Graph graph, Encodings encodings, Quantisation quantisation, Capabilities capabilities) {
    this.graph = graph;
    this.encodings = encodings;
    this.quantisation = quantisation;
    plans = LanePlanner.of(graph, encodings, capabilities);
    lanes = new LaneLowering(graph, encodings, plans, this);
    placements = new Placements(this);
    lookup = capabilities.has(Capabilities.Kind.LOOKUP);
    views = new ChannelViews(graph);
    for (Node node : graph.nodes()) {
      names.add(node.name());
      places.put(node.name(), places.size());
      node.outputs().forEach(o -> producers.put(o, node));
      node.inputs().forEach(i -> consumers.computeIfAbsent(i, _ -> new ArrayList<>()).add(node));
    }
  }

  /** The values whose ranges {@link #build} needs. */
  public static List<String> calibrated(Graph graph) {
    List<String> values = new ArrayList<>();
    graph.inputs().forEach(values::add);
    graph.nodes().forEach(n -> values.addAll(n.outputs()));
    values.removeIf(
        v ->
            v.isEmpty()
                || graph.quantisations().containsKey(v)
                || graph.type(v).element() != ElementType.FLOAT);
    return values;
  }

  /**
   * @param calibration of the graph
   * @param quantisation bits, ranges and pruning, by layer
   * @param capabilities what the machine does itself
   * @param inputs calibration inputs, kept with the result
   * @throws UserError for outputs that are not float or do not depend on the inputs, and for
   *     weights that have no quantisation
   */
  public static QuantisedModel build(
      Graph graph,
      Calibration calibration,
      Quantisation quantisation,
      Capabilities capabilities,
      List<Map<String, float[]>> inputs,
      List<String> notes) {
    Encodings encodings = EncodingChoice.of(graph, calibration, quantisation);
    return new NetworkBuilder(graph, encodings, quantisation, capabilities).run(inputs, notes);
  }

  private QuantisedModel run(List<Map<String, float[]>> calibrationInputs, List<String> notes) {
    List<QuantisedModel.Input> inputs = new ArrayList<>();
    Set<String> absorbed = new HashSet<>();
    for (String input : graph.inputs()) {
      Arrangement arrangement =
          Arrangement.behind(input, v -> graph.type(v).shape(), this::onlyConsumer);
      for (String v = input; !v.equals(arrangement.value()); v = consumer(v).output()) {
        absorbed.add(consumer(v).output());
      }
      Tensor tensor = tensor(arrangement.value());
      tensors.put(arrangement.value(), tensor);
      lanes.given(arrangement.value(), tensor);
      inputs.add(
          new QuantisedModel.Input(input, graph.type(input).shape(), arrangement.order(), tensor));
    }
    hostReasons.putAll(HostReasons.of(graph, encodings, views, absorbed, plans.keySet()));
    if (lookup) {
      for (Node node : graph.nodes()) {
        String rows = IntegerPlans.tooManyRows(graph, node);
        hostReasons.computeIfPresent(node.output(), (_, reason) -> rows == null ? reason : rows);
      }
    }
    for (Node node : graph.nodes()) {
      if (!hostReasons.containsKey(node.output())
          && !absorbed.contains(node.output())
          && !lanes.makes(node.output())) {
        lower(node);
      }
    }
    List<QuantisedModel.Result> outputs = new ArrayList<>();
    for (Graph.Result result : graph.outputs()) {
      outputs.add(output(result));
    }
    Network network =
        NetworkCheck.require(
            new Network(
                graph.name(),
                inputs.stream().map(QuantisedModel.Input::tensor).toList(),
                List.copyOf(layers),
                outputs.stream().map(QuantisedModel.Result::tensor).distinct().toList()));
    return new QuantisedModel(network, calibrationInputs, notes, hosted, inputs, outputs);
  }

  private Node consumer(String value) {
    return Objects.requireNonNull(onlyConsumer(value));
  }

  private @Nullable Node onlyConsumer(String value) {
    List<Node> all = consumers.getOrDefault(value, List.of());
    boolean output = graph.outputs().stream().anyMatch(o -> o.value().equals(value));
    return all.size() == 1 && !output && sameEncoding(value, all.getFirst().output())
        ? all.getFirst()
        : null;
  }

  private boolean sameEncoding(String a, String b) {
    boolean floats = graph.type(a).element() == ElementType.FLOAT;
    return floats == (graph.type(b).element() == ElementType.FLOAT)
        && (!floats || encodings.of(a).equals(encodings.of(b)));
  }

  private QuantisedModel.Result output(Graph.Result result) {
    if (graph.constants().containsKey(result.value())) {
      throw new UserError(
          "output '" + result.name() + "' does not depend on the inputs; remove it from the model");
    }
    Arrangement arrangement =
        Arrangement.before(
            result.value(),
            v -> graph.type(v).shape(),
            v -> tensors.containsKey(v) ? null : producers.get(v));
    if (!sameEncoding(arrangement.value(), result.value())) {
      arrangement = new Arrangement(result.value(), null);
    }
    return new QuantisedModel.Result(
        result.name(),
        graph.type(result.value()).shape(),
        arrangement.order(),
        require(arrangement.value()));
  }

  /** The tensor of a value that is wanted on the machine; runs the host for it if need be. */
  @Override
  public Tensor require(String value) {
    Tensor known = tensors.get(value);
    if (known != null) {
      return known;
    }
    if (!hostReasons.containsKey(value) && lanes.makes(value)) {
      Tensor made = lanes.tensor(value);
      tensors.put(value, made);
      return made;
    }
    Node producer = Objects.requireNonNull(producers.get(value), value);
    if (!hostReasons.containsKey(value)) {
      lower(producer);
      return Objects.requireNonNull(tensors.get(value), value);
    }
    HostSegment segment = HostSegment.of(graph, producers, places, hostReasons.keySet(), value);
    List<Tensor> inputs = segment.inputs().stream().map(this::require).toList();
    Tensor tensor = tensor(value);
    List<String> source =
        segment.nodes().stream().flatMap(n -> n.source().stream()).distinct().toList();
    String reason =
        segment.nodes().stream()
            .map(n -> MachineForm.operator(n.op()) + ": " + hostReasons.get(n.output()))
            .distinct()
            .collect(Collectors.joining("; "));
    String name = hostName(producer, value);
    layers.add(
        new Layer.Host(name, source, inputs, tensor, segment.model(), segment.shapes(), reason));
    hosted.add(
        new QuantisedModel.HostLayer(
            name,
            segment.nodes().stream().map(n -> MachineForm.operator(n.op())).toList(),
            reason));
    tensors.put(value, tensor);
    return tensor;
  }

  /** An operator with several outputs may be needed for more than one of them. */
  private String hostName(Node producer, String value) {
    return producer.outputs().size() == 1 ? producer.name() : unique(value + "/host");
  }

  private void lower(Node node) {
    String output = node.output();
    if (tensors.containsKey(output)) {
      return;
    }
    switch (node.op()) {
      case Op.Conv conv -> {
        Constant bias = hasBias(node, conv) ? graph.constants().get(node.inputs().get(2)) : null;
        Tensor residual = conv.residual() ? require(node.inputs().getLast()) : null;
        layers.add(
            ConvolutionLowering.lower(
                node,
                conv,
                Objects.requireNonNull(graph.constants().get(node.inputs().get(1))),
                bias == null ? null : bias.floats(),
                require(node.input()),
                residual,
                tensor(output),
                quantisation.of(node.name(), node.source())));
        tensors.put(output, tensor(output));
      }
      case Op.Concat _ -> {
        Tensor joined = tensor(output);
        List<Tensor> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
          Tensor part = require(input);
          inputs.add(encoded(part, joined, node, output + "/part" + inputs.size()));
        }
        layers.add(new Layer.Concat(node.name(), node.source(), inputs, joined));
        tensors.put(output, joined);
      }
      case Op.Product _ -> {
        Tensor left = require(node.inputs().get(0));
        Tensor right = require(node.inputs().get(1));
        layers.add(ProductLowering.lower(node, left, right, tensor(output)));
        tensors.put(output, tensor(output));
      }
      case Op.Reshape _, Op.Identity _ -> {
        Tensor from = require(node.input());
        if (ChannelViews.regroups(graph, node)) {
          view(node, from, 0, output);
        } else {
          tensors.put(output, encoded(from, tensor(output), node, output));
        }
      }
      case Op.Foreign _ when !views.slices(node).isEmpty() -> {
        Tensor from = require(node.input());
        views.slices(node).forEach(s -> view(node, from, s.from(), s.output()));
      }
      case Op _ -> throw new IllegalStateException(node + " is neither lowered nor hosted");
    }
  }

  private void view(Node node, Tensor from, int firstChannel, String output) {
    Tensor to = tensor(output);
    Tensor coded = encoded(from, to, node, output + "/codes");
    layers.add(new Layer.View(unique(output + "/view"), node.source(), coded, firstChannel, to));
    tensors.put(output, to);
  }

  private static boolean hasBias(Node node, Op.Conv conv) {
    return node.inputs().size() == (conv.residual() ? 4 : 3);
  }

  /** The tensor itself where its encoding is already that of {@code like}, else a new one. */
  private Tensor encoded(Tensor from, Tensor like, Node node, String name) {
    if (from.sameEncoding(like)) {
      return from;
    }
    if (lookup && from.bits() <= Byte.SIZE && like.bits() <= Byte.SIZE) {
      return placements.encoded(from, like.encoding(), node.source(), name);
    }
    Tensor to = from.encodedAs(like, name);
    layers.add(ConvolutionLowering.requantise(unique(name), node.source(), from, to));
    return to;
  }

  @Override
  public void add(Layer layer) {
    layers.add(layer);
  }

  @Override
  public LayerQuantisation choices(Node node) {
    return quantisation.of(node.name(), node.source());
  }

  @Override
  public String unique(String name) {
    String unique = name;
    for (int i = 2; !names.add(unique); i++) {
      unique = name + "." + i;
    }
    return unique;
  }

  private Tensor tensor(String value) {
    ValueType type = graph.type(value);
    if (type.element() != ElementType.FLOAT) {
      long below = IntegerInputs.below(graph, value);
      return Tensor.raw(value, type.element(), type.shape().elements(), below);
    }
    ImageView view = ImageView.of(graph.type(value).shape());
    Encoding q = encodings.of(value);
    return new Tensor(
        value, view.n(), view.c(), view.h(), view.w(), q.scale(), q.zeroPoint(), q.bits(), null);
  }
}
