// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.topology;

/** One row of a layer list. */
sealed interface LayerRow {
  String name();

  /** The image includes its padding; windows that do not fit are dropped. */
  record Convolution(
      String name,
      int height,
      int width,
      int kernelH,
      int kernelW,
      int channels,
      int filters,
      int strideH,
      int strideW)
      implements LayerRow {}

  /** {@code rows x inner} times {@code inner x columns}: M, K and N. */
  record Product(String name, int rows, int columns, int inner) implements LayerRow {}
}
