// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.quantisation;

/** Which weights of a layer become 0 before they are quantised. */
public sealed interface Pruning {

  /** All weights stay. */
  record None() implements Pruning {}

  /**
   * The weights of least magnitude go, wherever they are.
   *
   * @param sparsity share of the layer's weights that go, at least 0 and below 1
   */
  record Magnitude(double sparsity) implements Pruning {}

  /**
   * Of every {@code m} weights along the input channels the {@code n} of greatest magnitude stay.
   *
   * @param n at least 1, at most {@code m}
   */
  record NOfM(int n, int m) implements Pruning {}
}
