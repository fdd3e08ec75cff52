// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import lockstep.compiler.graph.CodeArray;

/**
 * The zeros among a layer's weights, for machines that can skip them. A group is {@code m} weights
 * that follow each other along the input channels, of one output channel and place in the kernel;
 * the last one may be shorter.
 *
 * @param weights how many there are
 * @param zeros how many are 0
 * @param n weights of a group that a machine for n of m takes
 * @param m weights of a group
 * @param groups how many there are
 * @param withinN groups with at most n weights that are not 0
 * @param empty groups with zeros only
 */
public record WeightZeros(
    long weights, long zeros, int n, int m, long groups, long withinN, long empty) {

  /** Counts the zeros of a layer in groups of m. */
  public static WeightZeros of(Layer.Convolution layer, int n, int m) {
    CodeArray weights = layer.weights();
    int channels = layer.input().c() / layer.groups();
    int kernel = layer.window().kernelH() * layer.window().kernelW();
    long zeros = 0;
    long groups = 0;
    long withinN = 0;
    long empty = 0;
    for (int k = 0; k < layer.output().c(); k++) {
      for (int at = 0; at < kernel; at++) {
        for (int from = 0; from < channels; from += m) {
          int held = 0;
          int end = Math.min(channels, from + m);
          for (int c = from; c < end; c++) {
            held += weights.get((k * channels + c) * kernel + at) == 0 ? 0 : 1;
          }
          zeros += end - from - held;
          groups++;
          withinN += held <= n ? 1 : 0;
          empty += held == 0 ? 1 : 0;
        }
      }
    }
    return new WeightZeros(weights.length(), zeros, n, m, groups, withinN, empty);
  }

  /** Share of the weights that are 0. */
  public double sparsity() {
    return weights == 0 ? 0 : (double) zeros / weights;
  }
}
