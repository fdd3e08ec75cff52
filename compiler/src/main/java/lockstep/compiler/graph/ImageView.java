// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import lockstep.compiler.network.Tensor;

/**
 * Any shape as batch, channels, height and width, elements in the same order. Rank 3 has no height,
 * ranks 1 and 2 are pixels of an image of 1 x 1; beyond rank 4 the middle dimensions are rows.
 */
public record ImageView(int n, int c, int h, int w) {
  public static ImageView of(Shape s) {
    return switch (s.rank()) {
      case 0 -> new ImageView(1, 1, 1, 1);
      case 1 -> new ImageView(1, s.dim(0), 1, 1);
      case 2 -> new ImageView(s.dim(0), s.dim(1), 1, 1);
      case 3 -> new ImageView(s.dim(0), s.dim(1), 1, s.dim(2));
      default ->
          new ImageView(s.dim(0), s.dim(1), Math.toIntExact(s.product(2, s.rank() - 1)), s.dim(-1));
    };
  }

  /** The dimensions that a tensor has. */
  public static ImageView of(Tensor t) {
    return new ImageView(t.n(), t.c(), t.h(), t.w());
  }
}
