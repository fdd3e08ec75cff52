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
import lockstep.compiler.network.Window;

/**
 * A matrix product with constant weights is a convolution.
 *
 * <pre>
 * [N,C,H,W] -> Reshape [N,CHW] -> Linear            becomes   Conv with a kernel of H x W
 * [M,K] -> Linear -> [M,N]                          becomes
 * [M,K] -> Transpose, Reshape [1,K,1,M] -> Conv 1x1 -> [1,N,1,M] -> Reshape, Transpose -> [M,N]
 * [B,M,K] -> Linear -> [B,M,N]                      becomes
 * [B,M,K] -> Transpose [B,K,M] -> Conv 1x1 -> [B,N,M] -> Transpose -> [B,M,N]
 * </pre>
 *
 * In the first form no data moves; it is for images whose sides the machines can count to. In the
 * others, rows are pixels and columns channels, and {@link SinkMoves} cancels the transpositions of
 * one with those of the next; with one row they are nothing but reshapes.
 */
public final class LinearToConv implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(GemmToLinear.class, MatMulToLinear.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (node.op() instanceof Op.Linear
              && rewrite.constant(node.inputs().get(1)) != null
              && (node.inputs().size() < 3 || rewrite.constant(node.inputs().get(2)) != null)) {
            rewrite(rewrite, node);
          }
        });
    return rewrite.finish();
  }

  private static void rewrite(Rewrite rewrite, Node node) {
    Shape y = rewrite.shape(node.output());
    Shape flat = rewrite.shape(node.input());
    Node reshape = rewrite.producer(node.input());
    if (reshape != null
        && reshape.op() instanceof Op.Reshape
        && flat.rank() == 2
        && flattens(rewrite.shape(reshape.input()), flat)
        && rewrite.sameEncoding(reshape.input(), reshape.output())) {
      Shape image = rewrite.shape(reshape.input());
      String conv = conv(rewrite, node, reshape.input(), image, Sources.of(reshape, node));
      Rearranged.last(rewrite, node, new Op.Reshape(y), conv);
      return;
    }
    int rows = Math.toIntExact(flat.product(0, flat.rank() - 1));
    int k = flat.dim(-1);
    int n = y.dim(-1);
    if (rows == 1) {
      String image = reshaped(rewrite, node.input(), Shape.of(1, k, 1, 1), node);
      String conv = conv(rewrite, node, image, Shape.of(1, k, 1, 1), node.source());
      Rearranged.last(rewrite, node, new Op.Reshape(y), conv);
      return;
    }
    if (flat.rank() == 3) {
      Op turn = new Op.Transpose(List.of(0, 2, 1));
      String columns = rewrite.add(turn, List.of(node.input()), node.output() + "/columns", node);
      rewrite.likewise(node.input(), columns);
      String conv = conv(rewrite, node, columns, Shape.of(1, k, 1), node.source());
      Rearranged.last(rewrite, node, turn, conv);
      return;
    }
    String matrix = reshaped(rewrite, node.input(), Shape.of(rows, k), node);
    Op transpose = new Op.Transpose(List.of(1, 0));
    String columns = rewrite.add(transpose, List.of(matrix), node.output() + "/columns", node);
    rewrite.likewise(matrix, columns);
    String image = reshaped(rewrite, columns, Shape.of(1, k, 1, rows), node);
    String conv = conv(rewrite, node, image, Shape.of(1, k, 1, 1), node.source());
    String outColumns = reshaped(rewrite, conv, Shape.of(n, rows), node);
    if (y.rank() == 2) {
      Rearranged.last(rewrite, node, transpose, outColumns);
    } else {
      String out = rewrite.add(transpose, List.of(outColumns), node.output() + "/rows", node);
      Rearranged.last(rewrite, node, new Op.Reshape(y), out);
    }
  }

  /** Rows of features, [N][1][K], are no images of one channel. */
  private static boolean flattens(Shape image, Shape flat) {
    boolean images = image.rank() == 4 || (image.rank() == 3 && image.dim(1) > 1);
    return images
        && image.dim(0) == flat.dim(0)
        && image.dims().subList(2, image.rank()).stream().allMatch(d -> d <= Window.LARGEST_SIDE);
  }

  /** {@code kernel} has the dimensions of one whole input image. */
  private static String conv(
      Rewrite rewrite, Node node, String image, Shape kernel, List<String> source) {
    int n = rewrite.shape(node.output()).dim(-1);
    int h = kernel.rank() == 4 ? kernel.dim(2) : 1;
    Constant weights =
        Weights.transposed(rewrite.requireConstant(node.inputs().get(1)))
            .reshaped(kernel.with(0, n));
    List<String> inputs = new ArrayList<>();
    inputs.add(image);
    inputs.add(rewrite.addConstant(node.output() + "/kernel", weights));
    inputs.addAll(node.inputs().subList(2, node.inputs().size()));
    Window window = new Window(h, kernel.dim(-1), 1, 1, 1, 1, 0, 0, 0, 0);
    return Rearranged.around(
        rewrite, node.withSource(source), new Op.Conv(window, 1), inputs, "/image");
  }

  private static String reshaped(Rewrite rewrite, String value, Shape to, Node origin) {
    if (rewrite.shape(value).equals(to)) {
      return value;
    }
    String output = rewrite.add(new Op.Reshape(to), List.of(value), value + "/" + to, origin);
    rewrite.likewise(value, output);
    return output;
  }
}
