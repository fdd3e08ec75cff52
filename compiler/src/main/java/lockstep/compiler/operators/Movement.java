// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;
import org.jspecify.annotations.Nullable;

/** Elements at regular distances: transposition, expansion, repetition, blocks of pixels. */
record Movement(Function<Call, Layout> layout) implements Rearrangement {

  /**
   * The input's elements by strides.
   *
   * @param walked the order in which they are visited, as many as the result has
   */
  record Layout(Shape shape, Shape walked, int[] strides) {}

  static final Map<String, Operator> TABLE =
      Map.of(
          "Transpose", new Movement(Movement::transposed),
          "Expand", new Movement(Movement::expanded),
          "Tile", new Movement(Movement::tiled),
          "DepthToSpace", new Movement(Movement::depthToSpace),
          "SpaceToDepth", new Movement(Movement::spaceToDepth));

  @Override
  public Shape shape(Call call) {
    return layout.apply(call).shape();
  }

  @Override
  public int[] index(Call call, Shape shape) {
    Layout chosen = layout.apply(call);
    return View.indices(chosen.walked(), chosen.strides(), 0);
  }

  private static Layout transposed(Call call) {
    Shape x = call.shape(0);
    long[] given = call.integers("perm");
    int[] order =
        given == null
            ? IntStream.range(0, x.rank()).map(i -> x.rank() - 1 - i).toArray()
            : Call.axes(given, x.rank());
    Call.requires(
        order.length == x.rank() && Arrays.stream(order).distinct().count() == x.rank(),
        "perm is no permutation of " + x);
    return permuted(x, order, null);
  }

  /** The tensor with its dimensions in another order; with another shape of the same size. */
  private static Layout permuted(Shape x, int[] order, @Nullable Shape result) {
    int[] own = View.strides(x);
    Shape walked = x.permuted(Arrays.stream(order).boxed().toList());
    return new Layout(
        result == null ? walked : result, walked, Arrays.stream(order).map(d -> own[d]).toArray());
  }

  private static Layout expanded(Call call) {
    Shape to = TypeInference.broadcast(call.shape(0), Shape.of(call.integers(1)));
    return new Layout(to, to, View.broadcastStrides(call.shape(0), to));
  }

  private static Layout tiled(Call call) {
    Shape x = call.shape(0);
    long[] repeats = call.integers(1);
    Call.requires(repeats.length == x.rank(), repeats.length + " repeats of " + x);
    int[] own = View.strides(x);
    long[] dims = new long[2 * repeats.length];
    int[] strides = new int[dims.length];
    long[] result = new long[repeats.length];
    for (int i = 0; i < repeats.length; i++) {
      dims[2 * i] = repeats[i];
      dims[2 * i + 1] = x.dim(i);
      strides[2 * i + 1] = own[i];
      result[i] = repeats[i] * x.dim(i);
    }
    return new Layout(Shape.of(result), Shape.of(dims), strides);
  }

  private static Layout depthToSpace(Call call) {
    Shape x = call.shape(0);
    int block = call.small("blocksize", 0);
    Call.requires(
        x.rank() == 4 && block > 0 && x.dim(1) % (block * block) == 0,
        "blocks of " + block + " from " + x);
    int depth = x.dim(1) / (block * block);
    boolean columnsFirst = call.text("mode", "DCR").equals("CRD");
    Shape split =
        columnsFirst
            ? Shape.of(x.dim(0), depth, block, block, x.dim(2), x.dim(3))
            : Shape.of(x.dim(0), block, block, depth, x.dim(2), x.dim(3));
    return permuted(
        split,
        columnsFirst ? new int[] {0, 1, 4, 2, 5, 3} : new int[] {0, 3, 4, 1, 5, 2},
        Shape.of(x.dim(0), depth, x.dim(2) * block, x.dim(3) * block));
  }

  private static Layout spaceToDepth(Call call) {
    Shape x = call.shape(0);
    int block = call.small("blocksize", 0);
    Call.requires(
        x.rank() == 4 && block > 0 && x.dim(2) % block == 0 && x.dim(3) % block == 0,
        "blocks of " + block + " from " + x);
    int h = x.dim(2) / block;
    int w = x.dim(3) / block;
    return permuted(
        new Shape(List.of(x.dim(0), x.dim(1), h, block, w, block)),
        new int[] {0, 3, 5, 1, 2, 4},
        Shape.of(x.dim(0), x.dim(1) * block * block, h, w));
  }
}
