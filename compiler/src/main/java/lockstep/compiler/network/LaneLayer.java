// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.List;

/**
 * What a machine with vector lanes, byte tables and movable data does beside products. Networks
 * have these only where they are built for such a machine ({@code
 * lockstep.compiler.quant.Capabilities}); elsewhere the host does the same on floats. Codes have at
 * most 8 bits. {@code q} is an element's code, {@code zero} its tensor's zero point; sums are 32
 * bits.
 */
public sealed interface LaneLayer extends Layer {

  /** What is done to two numbers. */
  enum Combination {
    ADD,
    MULTIPLY,
    MAXIMUM,
    MINIMUM
  }

  /** What is done to all numbers of a group. */
  enum Gathering {
    SUM,
    MAXIMUM,
    MINIMUM
  }

  /**
   * Codes known at compile time: they lie in the program's data and no instruction writes them.
   *
   * @param codes the output's, n, c, h, w in row-major order
   */
  record Data(String name, List<String> source, byte[] codes, Tensor output) implements LaneLayer {
    @Override
    public List<Tensor> inputs() {
      return List.of();
    }
  }

  /**
   * Code by code through a table: {@code y = table[q + 128]}. Every function of one number, and a
   * change of encoding. Input and output have one shape.
   *
   * @param table 256 codes
   */
  record Lookup(String name, List<String> source, Tensor input, byte[] table, Tensor output)
      implements LaneLayer {
    @Override
    public List<Tensor> inputs() {
      return List.of(input);
    }
  }

  /**
   * Two tensors element by element. Each dimension of an operand is the output's or 1, then its one
   * element serves all.
   *
   * <pre>
   * a = (l - zero) x leftMultiplier,  b = (r - zero) x rightMultiplier     32 bits, no overflow
   * x = a + b | a x b | max(a, b) | min(a, b)                              32 bits, no overflow
   * y = clamp(FixedPoint.requantise(x, multiplier, shift) + zero, min, max)
   * </pre>
   *
   * @param leftMultiplier 1 for a product, else of any sign
   * @param rightMultiplier 1 for a product, else of any sign: a negative one subtracts
   */
  record Elementwise(
      String name,
      List<String> source,
      Combination kind,
      Tensor left,
      Tensor right,
      int leftMultiplier,
      int rightMultiplier,
      int multiplier,
      int shift,
      int min,
      int max,
      Tensor output)
      implements LaneLayer {
    @Override
    public List<Tensor> inputs() {
      return List.of(left, right);
    }
  }

  /**
   * Elements at other places: transposition, slices with steps, constant indices, nearest
   * neighbours, repetition, padding, cropping, flipping, pixels from channels, another shape.
   *
   * <p>The output's elements in row-major order are those of dimensions with the lengths {@code
   * offsets[d].length}, whose product is their number. The one at {@code i} is the input's element
   * {@code sum over d of offsets[d][i_d]} (row-major, too), or {@code fill} if one of these is
   * {@link #OUTSIDE}. Input and output have one encoding.
   *
   * @param fill a code of the output
   */
  record Move(
      String name, List<String> source, Tensor input, List<int[]> offsets, int fill, Tensor output)
      implements LaneLayer {
    /** In place of an offset: there is no element. */
    public static final int OUTSIDE = Integer.MIN_VALUE;

    @Override
    public List<Tensor> inputs() {
      return List.of(input);
    }
  }

  /**
   * Joins along another axis than channels, which is {@link Layer.Concat}'s. All inputs have the
   * output's scale and zero point.
   */
  record Join(String name, List<String> source, List<Tensor> inputs, Axis axis, Tensor output)
      implements LaneLayer {}

  /**
   * One number from all along some axes, whose length becomes 1: {@code y = clamp(
   * FixedPoint.requantise(x, multiplier, shift) + zero, min, max)} where {@code x} is the sum, the
   * greatest or the least of {@code q - zero} of the input. A mean is a sum with another
   * multiplier.
   *
   * @param axes in the order of the enum, at least one
   */
  record Reduce(
      String name,
      List<String> source,
      Gathering kind,
      Tensor input,
      List<Axis> axes,
      int multiplier,
      int shift,
      int min,
      int max,
      Tensor output)
      implements LaneLayer {
    @Override
    public List<Tensor> inputs() {
      return List.of(input);
    }
  }

  /**
   * Softmax of the rows along an axis, or its logarithm, as {@code
   * lockstep.compiler.interpreter.nonlinear.IntegerSoftmax} and {@code IntegerLogSoftmax} define
   * them. Input and output have one shape.
   *
   * @param axis channels or columns, at most 4096
   */
  record Softmax(
      String name, List<String> source, Tensor input, Axis axis, boolean logarithm, Tensor output)
      implements LaneLayer {
    @Override
    public List<Tensor> inputs() {
      return List.of(input);
    }
  }

  /**
   * Layer normalisation of the rows along an axis, as {@code
   * lockstep.compiler.interpreter.nonlinear.IntegerLayerNorm} defines it. Input and output have one
   * shape.
   *
   * @param axis channels or columns, at most 4096
   * @param centred whether the mean is subtracted; without, it is the root of the mean square
   * @param gamma per place of the axis
   * @param beta per place of the axis
   */
  record Normalisation(
      String name,
      List<String> source,
      Tensor input,
      Axis axis,
      boolean centred,
      float[] gamma,
      float[] beta,
      double epsilon,
      Tensor output)
      implements LaneLayer {
    @Override
    public List<Tensor> inputs() {
      return List.of(input);
    }
  }
}
