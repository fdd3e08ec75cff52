// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * A transposition comes behind a reduction that keeps its dimensions, and behind a normalisation of
 * last dimensions that it leaves last.
 *
 * <pre>
 * x -> Transpose(p) -> ReduceMean(axes a) -> y       becomes   x -> ReduceMean(axes p[a]) -> Transpose(p) -> y
 * x -> Transpose(0,2,1,3) -> LayerNormalization(-1)  becomes   x -> LayerNormalization(-1) -> Transpose(0,2,1,3)
 * </pre>
 *
 * Does not fire where the transposed value is read elsewhere, where dimensions go, where the axes
 * are not constant, or where the transposition moves a normalised dimension.
 */
final class TransposeBehindReduction implements MoveRule {
  private static final Set<String> REDUCTIONS =
      Set.of("ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceL2");
  private static final Set<String> NORMALISATIONS =
      Set.of("LayerNormalization", "SimplifiedLayerNormalization");

  @Override
  public void visit(Rewrite rewrite, Node node) {
    if (!(node.op() instanceof Op.Foreign op)
        || !op.domain().isEmpty()
        || node.outputs().size() != 1) {
      return;
    }
    boolean reduces = REDUCTIONS.contains(op.type());
    if (!reduces && !NORMALISATIONS.contains(op.type())) {
      return;
    }
    Node first = TransposeBehindElementwise.transposition(rewrite, node.input());
    if (first == null
        || rewrite.onlyConsumer(first.output()) == null
        || !(first.op() instanceof Op.Transpose(List<Integer> permutation))) {
      return;
    }
    Node inner =
        reduces
            ? reduction(rewrite, node, op, permutation)
            : leavesLast(rewrite, node, op, permutation) ? node : null;
    if (inner == null) {
      return;
    }
    List<String> inputs = new java.util.ArrayList<>(inner.inputs());
    inputs.set(0, first.input());
    String value = rewrite.freshValue(node.output() + "/before");
    Shape shape = rewrite.shape(node.output());
    Shape turned = shape.permuted(TransposeBehindElementwise.inverse(permutation));
    rewrite.add(
        new Node(value, inner.op(), inputs, List.of(value), node.source()),
        new ValueType(rewrite.type(node.output()).element(), turned));
    rewrite.likewise(node.output(), value);
    String name = rewrite.freshValue(node.output() + "/turned");
    rewrite.add(
        new Node(name, first.op(), List.of(value), node.outputs(), Sources.of(first, node)));
  }

  /** The reduction along the dimensions as they were before, or null. */
  private static @Nullable Node reduction(
      Rewrite rewrite, Node node, Op.Foreign op, List<Integer> permutation) {
    int rank = permutation.size();
    if (rewrite.shape(node.output()).rank() != rank) {
      return null;
    }
    if (op.attributes().get("axes") instanceof Attribute.Ints axes) {
      SortedMap<String, Attribute> attributes = new TreeMap<>(op.attributes());
      List<Long> moved =
          axes.values().stream()
              .map(a -> (long) permutation.get((int) Math.floorMod(a, (long) rank)))
              .sorted()
              .toList();
      attributes.put("axes", new Attribute.Ints(moved));
      return node.with(new Op.Foreign(op.type(), "", attributes));
    }
    if (node.inputs().size() < 2
        || !(rewrite.constant(node.inputs().get(1)) instanceof Constant.Integers axes)
        || axes.values().length == 0) {
      return null;
    }
    long[] moved =
        Arrays.stream(axes.values())
            .map(a -> permutation.get((int) Math.floorMod(a, (long) rank)))
            .sorted()
            .toArray();
    String name =
        rewrite.addConstant(
            node.output() + "/axes",
            new Constant.Integers(ElementType.INT64, Shape.of(moved.length), moved));
    return node.withInputs(List.of(node.input(), name));
  }

  private static boolean leavesLast(
      Rewrite rewrite, Node node, Op.Foreign op, List<Integer> permutation) {
    int rank = rewrite.shape(node.input()).rank();
    long axis = op.attributes().get("axis") instanceof Attribute.Int i ? i.value() : -1;
    return IntStream.range((int) Math.floorMod(axis, (long) rank), rank)
        .allMatch(i -> permutation.get(i) == i);
  }
}
