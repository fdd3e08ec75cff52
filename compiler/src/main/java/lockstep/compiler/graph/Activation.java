// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

/** A monotone function of one number that the way out of the accumulator can compute. */
public sealed interface Activation {
  Activation NONE = new Clamp(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  Activation RELU = new Clamp(0, Double.POSITIVE_INFINITY);

  /** {@code min(max(x, min), max)}. */
  record Clamp(double min, double max) implements Activation {}

  /** {@code x < 0 ? slope * x : x} with {@code 0 <= slope < 2}. */
  record Leaky(double slope) implements Activation {}
}
