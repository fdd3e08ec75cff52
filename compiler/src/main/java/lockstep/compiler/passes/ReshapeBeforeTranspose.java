// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A reshape that splits or joins dimensions which lie side by side in x, too, comes before the
 * transposition.
 *
 * <pre>
 * x [192,37] -> Transpose -> [37,192] -> Reshape [1,37,3,64] -> y      becomes
 * x [192,37] -> Reshape [1,3,64,37] -> Transpose -> y
 * </pre>
 *
 * Does not fire where the reshape joins dimensions that the transposition brought together.
 */
final class ReshapeBeforeTranspose implements MoveRule {
  @Override
  public void visit(Rewrite rewrite, Node node) {
    if (!(node.op() instanceof Op.Reshape(Shape to))) {
      return;
    }
    Node first = rewrite.producer(node.input());
    if (first == null
        || !(first.op() instanceof Op.Transpose(List<Integer> permutation))
        || !rewrite.sameEncoding(first.input(), first.output())) {
      return;
    }
    Shape x = rewrite.shape(first.input());
    List<Integer> order = order(x, permutation, to);
    if (order == null) {
      return;
    }
    List<Integer> back = new ArrayList<>(Collections.nCopies(order.size(), 0));
    IntStream.range(0, order.size()).forEach(i -> back.set(order.get(i), i));
    List<String> source = Sources.of(first, node);
    Node origin = node.withSource(source);
    String reshaped =
        rewrite.add(
            new Op.Reshape(to.permuted(order)),
            List.of(first.input()),
            node.output() + "/before",
            origin);
    rewrite.likewise(first.input(), reshaped);
    rewrite.add(origin.with(new Op.Transpose(back)).withInputs(List.of(reshaped)));
  }

  /** Dimensions of the result in the order in which they lie in x, or null. */
  private static @Nullable List<Integer> order(Shape x, List<Integer> permutation, Shape to) {
    List<Integer> lying = IntStream.range(0, x.rank()).filter(i -> x.dim(i) != 1).boxed().toList();
    List<Integer> turned = permutation.stream().filter(i -> x.dim(i) != 1).toList();
    List<Integer> wanted =
        IntStream.range(0, to.rank()).filter(i -> to.dim(i) != 1).boxed().toList();
    record Group(int place, List<Integer> dims) {}
    List<Group> groups = new ArrayList<>();
    int t = 0;
    int w = 0;
    while (t < turned.size() && w < wanted.size()) {
      int start = t;
      int begin = w;
      long have = x.dim(turned.get(t++));
      long want = to.dim(wanted.get(w++));
      while (have != want) {
        if (have < want && t < turned.size()) {
          have *= x.dim(turned.get(t++));
        } else if (want < have && w < wanted.size()) {
          want *= to.dim(wanted.get(w++));
        } else {
          return null;
        }
      }
      int place = lying.indexOf(turned.get(start));
      for (int i = start; i < t; i++) {
        if (lying.indexOf(turned.get(i)) != place + i - start) {
          return null;
        }
      }
      groups.add(new Group(place, wanted.subList(begin, w)));
    }
    if (t < turned.size() || w < wanted.size()) {
      return null;
    }
    groups.sort(Comparator.comparingInt(Group::place));
    List<Integer> order = new ArrayList<>();
    groups.forEach(g -> order.addAll(g.dims()));
    int leading = 0;
    for (int i = 0; i < to.rank(); i++) {
      if (to.dim(i) == 1) {
        boolean front = i == leading;
        int next = i + 1 < to.rank() ? order.indexOf(nextWanted(to, i)) : -1;
        order.add(front ? leading++ : next >= 0 ? next : order.size(), i);
      }
    }
    return order;
  }

  private static int nextWanted(Shape to, int from) {
    return IntStream.range(from, to.rank()).filter(i -> to.dim(i) != 1).findFirst().orElse(-1);
  }
}
