// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.operators.Evaluation;
import org.jspecify.annotations.Nullable;

/** A model while it is drawn, with the value of everything in one run. */
final class Draft {
  private static final int MOST_ELEMENTS = 4096;
  private static final double GREATEST = 1000;

  final RandomGenerator random;
  final int opset;
  final int largest;
  private final List<String> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<String> floats = new ArrayList<>();
  private final Map<String, Constant> constants = new HashMap<>();
  private final Map<String, Constant> values = new HashMap<>();
  private int names;

  /** What was to be drawn does not suit the values that there are. */
  static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit(String message) {
      super(message);
    }
  }

  Draft(RandomGenerator random, int opset, int largest) {
    this.random = random;
    this.opset = opset;
    this.largest = largest;
  }

  /** Takes a step; takes back what was drawn of one that does not fit. */
  boolean attempt(RandomGraph.Step step) {
    int nodesBefore = nodes.size();
    int floatsBefore = floats.size();
    try {
      step.draw(this);
      return true;
    } catch (Unfit unfit) {
      nodes.subList(nodesBefore, nodes.size()).clear();
      floats.subList(floatsBefore, floats.size()).clear();
      return false;
    }
  }

  static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new Unfit(complaint);
    }
  }

  /** From 1 to {@code bound}. */
  int upTo(int bound) {
    return 1 + random.nextInt(bound);
  }

  /** True once in so many times. */
  boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  <T> T any(List<T> list) {
    require(!list.isEmpty(), "nothing to choose from");
    return list.get(random.nextInt(list.size()));
  }

  /** A float value, more often a late one. */
  String value() {
    return value(_ -> true);
  }

  /** A float value of such a shape, more often a late one. */
  String value(Predicate<Shape> shape) {
    List<String> suitable = floats.stream().filter(v -> shape.test(shape(v))).toList();
    require(!suitable.isEmpty(), "no value of such a shape");
    return random.nextInt(3) > 0 ? suitable.getLast() : any(suitable);
  }

  /** A value of such a rank; where none is there, one is reshaped. */
  String ranked(int rank) {
    List<String> suitable = floats.stream().filter(v -> shape(v).rank() == rank).toList();
    if (!suitable.isEmpty() && !once(12)) {
      return random.nextInt(3) > 0 ? suitable.getLast() : any(suitable);
    }
    String from = value();
    return reshape(from, factors(Math.toIntExact(shape(from).elements()), rank));
  }

  private int[] factors(int elements, int rank) {
    int[] dims = new int[rank];
    int left = elements;
    for (int i = rank - 1; i > 0; i--) {
      int dim = upTo(largest);
      while (left % dim != 0) {
        dim--;
      }
      dims[i] = dim;
      left /= dim;
    }
    dims[0] = left;
    return dims;
  }

  String reshape(String value, int... dims) {
    long[] sizes = Shape.of(dims).toLongs();
    return add("Reshape", Map.of(), value, longs(sizes));
  }

  Shape shape(String value) {
    Constant known = values.get(value);
    if (known == null) {
      throw new IllegalArgumentException("no value " + value);
    }
    return known.shape();
  }

  void input(Constant drawn) {
    String name = "input" + inputs.size();
    inputs.add(name);
    keep(name, drawn);
  }

  String lastInput() {
    return inputs.getLast();
  }

  /** A node of one result. */
  String add(String type, Map<String, Attribute> attributes, String... operands) {
    return add(type, attributes, 1, operands).getFirst();
  }

  /**
   * A node.
   *
   * @param operands names, "" for one that is absent
   * @return the names of its results
   */
  List<String> add(
      String type, Map<String, Attribute> attributes, int results, String... operands) {
    String name = type.toLowerCase(Locale.ROOT) + names++;
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      outputs.add(i == 0 ? name : name + "." + i);
    }
    Op op = new Op.Foreign(type, "", new TreeMap<>(attributes));
    Node node = new Node(name, op, List.of(operands), outputs, List.of(name));
    List<@Nullable Constant> known = new ArrayList<>();
    for (String operand : operands) {
      known.add(operand.isEmpty() ? null : values.get(operand));
    }
    List<Constant> evaluated;
    try {
      evaluated = Evaluation.of(node, known, opset);
    } catch (UserError misfit) {
      throw new Unfit(String.valueOf(misfit.getMessage()));
    }
    for (int i = 0; i < results; i++) {
      requireModerate(evaluated.get(i));
    }
    nodes.add(node);
    for (int i = 0; i < results; i++) {
      keep(outputs.get(i), evaluated.get(i));
    }
    return outputs;
  }

  private static void requireModerate(Constant value) {
    long elements = value.shape().elements();
    require(elements > 0 && elements <= MOST_ELEMENTS, "too many elements");
    require(value.shape().rank() <= 5, "too many dimensions");
    for (float x : value.floats()) {
      require(Math.abs(x) <= GREATEST, "too great");
    }
  }

  private void keep(String name, Constant value) {
    values.put(name, value);
    if (value.element() == ElementType.FLOAT) {
      floats.add(name);
    }
  }

  /** Numbers drawn evenly. */
  String floats(double from, double to, int... dims) {
    float[] numbers = new float[Math.toIntExact(Shape.of(dims).elements())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextDouble(from, to);
    }
    return constant(new Constant.Floats(Shape.of(dims), numbers));
  }

  /** Weights that keep a value about as large as it is, of neurons with so many inputs. */
  String weights(int neuronInputs, int... dims) {
    double bound = Math.sqrt(3.0 / neuronInputs);
    return floats(-bound, bound, dims);
  }

  String number(double number) {
    return constant(new Constant.Floats(Shape.SCALAR, new float[] {(float) number}));
  }

  /** A vector of int64. */
  String longs(long... numbers) {
    return constant(new Constant.Integers(ElementType.INT64, Shape.of(numbers.length), numbers));
  }

  String constant(Constant constant) {
    String name = "constant" + names++;
    constants.put(name, constant);
    values.put(name, constant);
    return name;
  }

  Graph graph(String name) {
    Set<String> read = new HashSet<>();
    nodes.forEach(n -> read.addAll(n.inputs()));
    Map<String, ValueType> types = new HashMap<>();
    inputs.forEach(i -> types.put(i, type(i)));
    List<Graph.Result> outputs = new ArrayList<>();
    for (Node node : nodes) {
      for (String output : node.outputs()) {
        types.put(output, type(output));
        if (!read.contains(output)) {
          outputs.add(new Graph.Result(output, output));
        }
      }
    }
    Map<String, Constant> used = new HashMap<>(constants);
    used.keySet().retainAll(read);
    return new Graph(name, opset, inputs, nodes, outputs, types, used, Map.of());
  }

  private ValueType type(String value) {
    Constant known = values.get(value);
    if (known == null) {
      throw new IllegalStateException("no value " + value);
    }
    return known.type();
  }
}
