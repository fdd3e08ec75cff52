// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.network.LaneLayer;
import org.jspecify.annotations.Nullable;

/** How a value comes about on a machine with vector lanes. Values and axes are the graph's. */
sealed interface LanePlan {

  /** A function of one number. */
  record Function(CodeFunction function) implements LanePlan {}

  /**
   * Two values element by element, one of which may be constant.
   *
   * @param negative whether the right one counts negatively
   * @param clamp of the result
   */
  record Combined(
      LaneLayer.Combination kind,
      String left,
      String right,
      boolean negative,
      Activation.Clamp clamp)
      implements LanePlan {}

  /**
   * Elements of a value in another order.
   *
   * @param index per element of the result, -1 for {@code fill}; null for the same order
   */
  record Moved(String input, int @Nullable [] index, float fill) implements LanePlan {}

  /** Values one after the other along an axis; some may be constant. */
  record Joined(List<String> inputs, int axis) implements LanePlan {}

  /**
   * One number from all along some axes.
   *
   * @param reduced per axis of the input
   * @param factor of the result
   */
  record Reduced(LaneLayer.Gathering kind, String input, boolean[] reduced, double factor)
      implements LanePlan {}

  /**
   * Softmax over some dimensions.
   *
   * @param rows per dimension of the input
   */
  record Softmax(String input, boolean[] rows, boolean logarithm) implements LanePlan {}

  /**
   * Layer normalisation over some dimensions.
   *
   * @param rows per dimension of the input
   * @param gamma by place in the row
   * @param beta by place in the row
   */
  record Normalised(
      String input, boolean[] rows, boolean centred, float[] gamma, float[] beta, double epsilon)
      implements LanePlan {}

  /**
   * Rows of a table.
   *
   * @param indices a value whose integers are those of an input
   * @param axis of the table along which rows are numbered
   */
  record Chosen(Constant table, String indices, int axis) implements LanePlan {}

  /**
   * Integers as floats.
   *
   * @param integers a value whose integers are those of an input
   * @param element the input's type
   */
  record Converted(String integers, ElementType element) implements LanePlan {}

  /**
   * A convolution of gathered taps, which are channels.
   *
   * @param index image, channel, tap, place in the result; -1 for padding
   * @param weights [out][channels of a group x taps][1][1]
   */
  record Windowed(
      String input, int[] index, int taps, int groups, Constant weights, float @Nullable [] bias)
      implements LanePlan {}

  /**
   * Pooling of gathered taps.
   *
   * @param index image, channel, tap, place in the result; -1 for padding
   * @param factor of the result
   */
  record Pooled(String input, int[] index, int taps, LaneLayer.Gathering kind, double factor)
      implements LanePlan {}
}
