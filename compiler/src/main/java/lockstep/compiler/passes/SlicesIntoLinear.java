// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A matrix product that is taken apart afterwards (queries, keys and values in one) becomes one
 * product for each part, whose weights are a part of the columns; nothing is left to take apart.
 *
 * <pre>
 * x -> Linear(W) -> moves -> Gather(i), Gather(j)   becomes   x -> Linear(W[:, part i]) -> moves,
 *                                                             x -> Linear(W[:, part j]) -> moves
 * </pre>
 *
 * Likewise for Split and Slice. The other direction, siblings as one product, pays only on a
 * machine that reads a range of channels by address; this one would copy. Does not fire where
 * something reads the whole product, where the parts are no ranges of columns or overlap, or on a
 * prescribed encoding.
 */
public final class SlicesIntoLinear implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(GemmToLinear.class, MatMulToLinear.class, ScaleIntoLinear.class);
  }

  /** Columns from {@code first} on, through the same moves to {@code output}. */
  private record Part(Selection selection, int first, int width) {}

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (node.op() instanceof Op.Linear) {
            split(rewrite, node);
          }
        });
    return rewrite.finish();
  }

  private static void split(Rewrite rewrite, Node linear) {
    for (String parameter : linear.inputs().subList(1, linear.inputs().size())) {
      if (rewrite.constant(parameter) == null) {
        return;
      }
    }
    Shape product = rewrite.shape(linear.output());
    List<Node> moves = new ArrayList<>();
    Axes axes = Axes.of(product);
    String value = linear.output();
    Node next = rewrite.onlyConsumer(value);
    while (next != null
        && axes != null
        && (next.op() instanceof Op.Reshape || next.op() instanceof Op.Transpose)) {
      moves.add(next);
      axes =
          switch (next.op()) {
            case Op.Reshape reshape -> axes.reshaped(reshape.shape());
            case Op.Transpose transpose -> axes.transposed(transpose.permutation());
            case Op _ -> null;
          };
      value = next.output();
      next = rewrite.onlyConsumer(value);
    }
    List<Part> parts = axes == null ? null : parts(rewrite, value, axes, product);
    if (parts == null || rewrite.quantisation(linear.output()) != null) {
      return;
    }
    for (Node move : moves) {
      if (rewrite.quantisation(move.output()) != null) {
        return;
      }
    }
    for (Part part : parts) {
      build(rewrite, linear, moves, part);
    }
  }

  /** All readers of the value as ranges of columns, or null. */
  private static @Nullable List<Part> parts(
      Rewrite rewrite, String value, Axes axes, Shape product) {
    List<Node> readers = rewrite.consumers(value);
    if (rewrite.isOutput(value) || readers.isEmpty()) {
      return null;
    }
    int columns = product.dim(-1);
    int used = 0;
    List<Part> parts = new ArrayList<>();
    for (Node reader : readers) {
      List<Selection> selections = Selection.of(rewrite, reader, value);
      if (selections == null) {
        return null;
      }
      for (Selection selection : selections) {
        List<Axes.Strip> strips = axes.dims().get(selection.axis());
        if (strips.size() != 1
            || strips.getFirst().dimension() != product.rank() - 1
            || strips.getFirst().stride() * strips.getFirst().size() != columns) {
          return null;
        }
        int stride = strips.getFirst().stride();
        int width = (selection.to() - selection.from()) * stride;
        used += width;
        parts.add(new Part(selection, selection.from() * stride, width));
      }
    }
    return used <= columns && parts.stream().allMatch(p -> p.width() < columns) ? parts : null;
  }

  private static void build(Rewrite rewrite, Node linear, List<Node> moves, Part part) {
    Selection selection = part.selection();
    int columns = rewrite.shape(linear.output()).dim(-1);
    List<String> inputs = new ArrayList<>();
    inputs.add(linear.input());
    for (String parameter : linear.inputs().subList(1, linear.inputs().size())) {
      Constant constant = rewrite.requireConstant(parameter);
      inputs.add(
          rewrite.addConstant(
              selection.output() + "/columns",
              Weights.columns(constant, part.first(), part.width())));
    }
    List<Node> all = new ArrayList<>(List.of(linear));
    all.addAll(moves);
    all.add(selection.node());
    Node origin = linear.withSource(Sources.of(all.toArray(Node[]::new)));
    String value = rewrite.add(new Op.Linear(), inputs, selection.output() + "/product", origin);
    for (Node move : moves) {
      Op op = move.op();
      if (op instanceof Op.Reshape(Shape shape)) {
        op = new Op.Reshape(narrowed(rewrite.shape(linear.output()), moves, move, shape, part));
      }
      value = rewrite.add(op, List.of(value), selection.output() + "/moved", origin);
    }
    Shape shape = rewrite.shape(selection.output());
    rewrite.add(
        new Node(
            rewrite.freshValue(selection.output() + "/part"),
            new Op.Reshape(shape),
            List.of(value),
            List.of(selection.output()),
            origin.source()));
  }

  /** The shape that a reshape has for a part: the dimension that counts the parts is shorter. */
  private static Shape narrowed(
      Shape product, List<Node> moves, Node upTo, Shape shape, Part part) {
    Axes axes = Axes.of(product);
    for (Node move : moves.subList(0, moves.indexOf(upTo) + 1)) {
      axes =
          java.util.Objects.requireNonNull(
              switch (move.op()) {
                case Op.Reshape reshape -> axes.reshaped(reshape.shape());
                case Op.Transpose transpose -> axes.transposed(transpose.permutation());
                case Op _ -> throw new IllegalStateException(move + " is no move");
              });
    }
    int columns = product.dim(-1);
    for (int i = 0; i < shape.rank(); i++) {
      for (Axes.Strip strip : axes.dims().get(i)) {
        if (strip.dimension() == product.rank() - 1 && strip.stride() * strip.size() == columns) {
          return shape.with(i, (int) ((long) shape.dim(i) * part.width() / columns));
        }
      }
    }
    throw new IllegalStateException("no dimension of " + shape + " counts columns");
  }
}
