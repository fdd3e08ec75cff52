// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Reshapes and transpositions right behind a graph input or before a graph output: the caller does
 * them while it quantises or dequantises, at no cost to the machine.
 *
 * @param value where the chain ends: the network's tensor
 * @param order element i of the chain's result is element order[i] of its start; null if the order
 *     is the same
 */
record Arrangement(String value, int @Nullable [] order) {

  /** Follows an input forward as long as it has one consumer, which moves data. */
  static Arrangement behind(
      String input, Function<String, Shape> shapes, Function<String, @Nullable Node> onlyConsumer) {
    String at = input;
    int[] order = null;
    for (Node node = onlyConsumer.apply(at); moves(node); node = onlyConsumer.apply(at)) {
      Node mover = Objects.requireNonNull(node);
      order = then(order, mover, shapes.apply(at));
      at = mover.output();
    }
    return new Arrangement(at, order);
  }

  /** Follows an output back as long as {@code producer} gives a node that moves data. */
  static Arrangement before(
      String output, Function<String, Shape> shapes, Function<String, @Nullable Node> producer) {
    List<Node> chain = new ArrayList<>();
    String at = output;
    for (Node node = producer.apply(at); moves(node); node = producer.apply(at)) {
      chain.add(Objects.requireNonNull(node));
      at = chain.getLast().input();
    }
    Collections.reverse(chain);
    int[] order = null;
    for (Node node : chain) {
      order = then(order, node, shapes.apply(node.input()));
    }
    return new Arrangement(at, order);
  }

  private static boolean moves(@Nullable Node node) {
    return node != null && (node.op() instanceof Op.Reshape || node.op() instanceof Op.Transpose);
  }

  private static int @Nullable [] then(int @Nullable [] order, Node node, Shape from) {
    if (!(node.op() instanceof Op.Transpose transpose)) {
      return order;
    }
    int[] moved = transposed(from, transpose.permutation());
    return order == null ? moved : IntStream.of(moved).map(i -> order[i]).toArray();
  }

  /** Which element of a value each element of its transposition is. */
  static int[] transposed(Shape from, List<Integer> permutation) {
    int rank = from.rank();
    int[] strides = new int[rank];
    int stride = 1;
    for (int i = rank - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= from.dim(i);
    }
    Shape to = from.permuted(permutation);
    int[] order = new int[stride];
    int[] index = new int[rank];
    for (int i = 0; i < order.length; i++) {
      int source = 0;
      for (int d = 0; d < rank; d++) {
        source += index[d] * strides[permutation.get(d)];
      }
      order[i] = source;
      for (int d = rank - 1; d >= 0 && ++index[d] == to.dim(d); d--) {
        index[d] = 0;
      }
    }
    return order;
  }
}
