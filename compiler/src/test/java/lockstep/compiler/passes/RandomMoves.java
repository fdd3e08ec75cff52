// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;

/** Chains of moves and what they move past, drawn from a seed: one input x, 2x3x4x5. */
final class RandomMoves {
  private final Random random;
  private final GraphBuilder graph = new GraphBuilder();
  private final List<String> values = new ArrayList<>();
  private final List<Shape> shapes = new ArrayList<>();

  RandomMoves(int seed) {
    random = new Random(seed);
  }

  Graph draw() {
    graph.input("x", 2, 3, 4, 5).constant("w", 3, 3, 1, 1);
    know("x", Shape.of(2, 3, 4, 5));
    know(node("conv", new Op.Conv(Window.POINT, 1), "x", "w"), shapes.getFirst());
    int steps = 3 + random.nextInt(8);
    for (int step = 0; step < steps; step++) {
      step(random.nextInt(11), "v" + step);
    }
    return graph.output(values.getLast()).build();
  }

  private void step(int kind, String name) {
    int from = random.nextInt(3) == 0 ? random.nextInt(values.size()) : values.size() - 1;
    String value = values.get(from);
    Shape shape = shapes.get(from);
    int axis = random.nextInt(shape.rank());
    switch (kind) {
      case 0, 1 -> {
        List<Integer> permutation =
            new ArrayList<>(IntStream.range(0, shape.rank()).boxed().toList());
        Collections.shuffle(permutation, random);
        know(node(name, new Op.Transpose(permutation), value), shape.permuted(permutation));
      }
      case 2, 3 -> {
        Shape to = regrouped(shape);
        know(node(name, new Op.Reshape(to), value), to);
      }
      case 4 -> {
        graph.foreign(name, "Tanh", value);
        know(name, shape);
      }
      case 5 -> {
        graph.constant(name + "/c", random.nextBoolean() ? new int[0] : shape(shape, axis));
        know(node(name, new Op.Mul(), value, name + "/c"), shape);
      }
      case 6 -> {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
          if (shapes.get(i).equals(shape)) {
            others.add(values.get(i));
          }
        }
        String other = others.get(random.nextInt(others.size()));
        know(node(name, new Op.Add(), value, other), shape);
      }
      case 7 -> {
        Map<String, Attribute> along = Map.of("axis", new Attribute.Int(axis));
        graph.foreign(name, "Softmax", new TreeMap<>(along), shape, value);
        know(name, shape);
      }
      case 8 -> {
        Map<String, Attribute> along =
            Map.of(
                "axes", new Attribute.Ints(List.of((long) axis)), "keepdims", new Attribute.Int(1));
        graph.foreign(name, "ReduceMax", new TreeMap<>(along), shape.with(axis, 1), value);
        know(name, shape.with(axis, 1));
      }
      case 9 -> {
        Map<String, Attribute> last = Map.of("axis", new Attribute.Int(-1));
        graph.constant(name + "/c", shape.dim(-1));
        graph.foreign(
            name, "SimplifiedLayerNormalization", new TreeMap<>(last), shape, value, name + "/c");
        know(name, shape);
      }
      default -> {
        int[] part = shape.dims().stream().mapToInt(i -> i).toArray();
        part[axis] = 1;
        graph.constant(name + "/c", part);
        know(
            node(name, new Op.Concat(axis), name + "/c", value),
            shape.with(axis, shape.dim(axis) + 1));
      }
    }
  }

  /** Ones but for one dimension. */
  private static int[] shape(Shape like, int axis) {
    int[] dims = new int[like.rank()];
    Arrays.fill(dims, 1);
    dims[axis] = like.dim(axis);
    return dims;
  }

  /** Some neighbours joined, some dimensions split, ones added. */
  private Shape regrouped(Shape shape) {
    List<Integer> dims = new ArrayList<>();
    for (int dim : shape.dims()) {
      if (!dims.isEmpty() && random.nextInt(3) == 0) {
        dims.add(dims.removeLast() * dim);
      } else if (dim % 2 == 0 && dim > 2 && random.nextInt(3) == 0) {
        dims.addAll(List.of(2, dim / 2));
      } else {
        dims.add(dim);
      }
      if (random.nextInt(6) == 0) {
        dims.add(1);
      }
    }
    return new Shape(dims);
  }

  private String node(String name, Op op, String... operands) {
    graph.node(name, op, operands);
    return name;
  }

  private void know(String value, Shape shape) {
    values.add(value);
    shapes.add(shape);
  }
}
