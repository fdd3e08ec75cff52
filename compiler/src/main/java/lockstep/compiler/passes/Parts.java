// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a decomposed operator, read upwards from its last node. Every node that was looked
 * through is remembered, so that {@link #closed} can say whether anything else needs what they
 * compute.
 */
final class Parts {
  private static final double TOLERANCE = 1e-5;

  private final Rewrite rewrite;
  private final Node last;
  private final Set<Node> inside = new LinkedHashSet<>();

  Parts(Rewrite rewrite, Node last) {
    this.rewrite = rewrite;
    this.last = last;
  }

  /** The producer if it is an operator of this ONNX name and the default domain. */
  @Nullable Node foreign(String value, String type) {
    Node node = rewrite.producer(value);
    return node != null && isForeign(node, type) ? inside(node) : null;
  }

  static boolean isForeign(Node node, String type) {
    return node.op() instanceof Op.Foreign op && op.domain().isEmpty() && op.type().equals(type);
  }

  /** The producer if it has this kind of operator. */
  @Nullable Node of(String value, Class<? extends Op> kind) {
    Node node = rewrite.producer(value);
    return node != null && kind.isInstance(node.op()) ? inside(node) : null;
  }

  Node inside(Node node) {
    inside.add(node);
    return node;
  }

  /** The number if the value is a constant with the same number everywhere, else NaN. */
  double scalar(String value) {
    Constant constant = rewrite.constant(value);
    return switch (constant) {
      case null -> Double.NaN;
      case Constant.Splat splat -> splat.value();
      case Constant.Floats f when f.shape().elements() > 0 -> {
        boolean uniform = true;
        for (float each : f.floats()) {
          uniform &= each == f.floats()[0];
        }
        yield uniform ? f.floats()[0] : Double.NaN;
      }
      case Constant _ -> Double.NaN;
    };
  }

  /** The number as {@link #scalar}, of a constant that does not widen {@code beside}. */
  double narrowScalar(String value, String beside) {
    Constant constant = rewrite.constant(value);
    return constant != null && fits(constant.shape(), rewrite.shape(beside))
        ? scalar(value)
        : Double.NaN;
  }

  /** Whether broadcasting a constant of this shape to a value leaves the value's shape. */
  static boolean fits(Shape constant, Shape value) {
    if (constant.rank() > value.rank()) {
      return false;
    }
    for (int i = 1; i <= constant.rank(); i++) {
      if (constant.dim(-i) != 1 && constant.dim(-i) != value.dim(-i)) {
        return false;
      }
    }
    return true;
  }

  /** A sum of a value and a number: the value, or null. */
  @Nullable String plus(String sum, double number) {
    Node add = of(sum, Op.Add.class);
    if (add != null && add.inputs().size() == 2) {
      for (int i = 0; i < 2; i++) {
        String value = add.inputs().get(1 - i);
        if (near(narrowScalar(add.inputs().get(i), value), number)) {
          return value;
        }
      }
    }
    return null;
  }

  /** A sum of a value and any number: both, or null. */
  @Nullable Scaled plusScalar(String sum) {
    Node add = of(sum, Op.Add.class);
    if (add != null && add.inputs().size() == 2) {
      for (int i = 0; i < 2; i++) {
        String value = add.inputs().get(1 - i);
        double number = narrowScalar(add.inputs().get(i), value);
        if (!Double.isNaN(number)) {
          return new Scaled(number, List.of(value));
        }
      }
    }
    return null;
  }

  /** A product: its numbers multiplied, and its other factors. */
  record Scaled(double factor, List<String> values) {
    /** The other one of two factors, or null if {@code value} is none of two. */
    @Nullable String beside(String value) {
      return values.size() == 2 && values.contains(value)
          ? values.get(values.getFirst().equals(value) ? 1 : 0)
          : null;
    }
  }

  /** Multiplications that end in a value, taken apart as far as they go. */
  Scaled product(String value) {
    List<String> factors = new ArrayList<>();
    double factor = 1;
    List<String> pending = new ArrayList<>(List.of(value));
    while (!pending.isEmpty()) {
      String next = pending.removeLast();
      Node node = rewrite.producer(next);
      double number = scalar(next);
      if (!Double.isNaN(number)) {
        factor *= number;
      } else if (node != null
          && node.op() instanceof Op.Mul
          && (next.equals(last.output()) || rewrite.onlyConsumer(next) != null)) {
        inside(node);
        pending.addAll(node.inputs().reversed());
      } else {
        factors.add(next);
      }
    }
    return new Scaled(factor, factors);
  }

  /**
   * The value whose mean over its last dimensions this is, with those dimensions kept at size 1.
   *
   * @param axis the first of them
   */
  record Mean(String value, int axis) {}

  @Nullable Mean mean(String value) {
    Node pool = of(value, Op.AveragePool.class);
    if (pool != null && pool.op() instanceof Op.AveragePool average) {
      Shape x = rewrite.shape(pool.input());
      Shape y = rewrite.shape(value);
      boolean whole = y.equals(x.with(x.rank() - 1, 1)) && average.window().kernelW() == x.dim(-1);
      return whole && average.window().kernelH() == 1 ? new Mean(pool.input(), x.rank() - 1) : null;
    }
    Node reduce = foreign(value, "ReduceMean");
    int axis = reduce == null ? -1 : trailing(reduce);
    return axis < 0 || reduce == null ? null : new Mean(reduce.input(), axis);
  }

  /** The first of the trailing axes that a reduction goes over and keeps, or -1. */
  int trailing(Node reduce) {
    Shape x = rewrite.shape(reduce.input());
    Shape y = rewrite.shape(reduce.output());
    if (x.rank() != y.rank()) {
      return -1;
    }
    long[] axes = axes(reduce);
    if (axes.length == 0) {
      return -1;
    }
    int first = x.rank() - axes.length;
    for (int i = 0; i < axes.length; i++) {
      if (Math.floorMod(axes[i], x.rank()) != first + i) {
        return -1;
      }
    }
    return first;
  }

  private long[] axes(Node reduce) {
    Op.Foreign op = (Op.Foreign) reduce.op();
    if (op.attributes().get("axes") instanceof Attribute.Ints ints) {
      int rank = rewrite.shape(reduce.input()).rank();
      return ints.values().stream()
          .mapToLong(a -> Math.floorMod(a, (long) rank))
          .sorted()
          .toArray();
    }
    return reduce.inputs().size() > 1
            && rewrite.constant(reduce.inputs().get(1)) instanceof Constant.Integers given
        ? Arrays.stream(given.values())
            .map(a -> Math.floorMod(a, (long) rewrite.shape(reduce.input()).rank()))
            .sorted()
            .toArray()
        : new long[0];
  }

  static boolean near(double a, double b) {
    return Math.abs(a - b) <= TOLERANCE * Math.max(1e-3, Math.abs(b));
  }

  /**
   * Whether all that the nodes inside compute is for the last of them alone, and no encoding is
   * prescribed between them.
   */
  boolean closed() {
    for (Node node : inside) {
      if (node.equals(last)) {
        continue;
      }
      String value = node.output();
      boolean own =
          rewrite.consumers(value).stream().allMatch(c -> inside.contains(c) || c.equals(last));
      if (!own || rewrite.isOutput(value) || rewrite.quantisation(value) != null) {
        return false;
      }
    }
    return true;
  }

  /** Puts one operator in the place of all nodes inside. */
  void become(Op.Foreign op, List<String> inputs) {
    Set<Node> all = new LinkedHashSet<>();
    all.addAll(inside.stream().toList().reversed());
    all.add(last);
    rewrite.add(
        new Node(last.name(), op, inputs, last.outputs(), Sources.of(all.toArray(Node[]::new))),
        rewrite.type(last.output()));
  }
}
