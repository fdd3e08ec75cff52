// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;

/**
 * Where the elements of an output come from.
 *
 * @param inputs what they come from
 * @param fill the code of those that come from nowhere
 */
record Gather(List<Placement> inputs, Origin origin, int fill) {
  /** There is no such element. */
  static final long NOWHERE = -1;

  private static final int INPUT_SHIFT = 40;

  /** The element of an input for an element of the output, as {@link #element} has it. */
  interface Origin {
    long of(int n, int c, int h, int w);
  }

  /**
   * @param index of an element in row-major order
   */
  static long element(int input, long index) {
    return (long) input << INPUT_SHIFT | index;
  }

  static int input(long element) {
    return (int) (element >> INPUT_SHIFT);
  }

  /** Bytes from the beginning of its input to an element. */
  int offset(long element) {
    Placement p = inputs.get(input(element));
    Tensor t = p.tensor();
    long index = element & ((1L << INPUT_SHIFT) - 1);
    int w = (int) (index % t.w());
    int h = (int) (index / t.w() % t.h());
    int c = (int) (index / t.w() / t.h() % t.c());
    int n = (int) (index / t.w() / t.h() / t.c());
    long pixel = (long) h * t.w() + w;
    long at = p.address(n, c / p.blockChannels()) - p.base();
    return Math.toIntExact(at + pixel * p.blockChannels() + c % p.blockChannels());
  }

  /** Bytes from the beginning of an input to its end. */
  static long bytes(Placement p) {
    return (p.tensor().n() - 1) * p.imageStride() + (long) p.blocks() * p.blockBytes();
  }

  static Gather of(LaneLayer.Move m, Placement input) {
    Tensor y = m.output();
    List<int[]> offsets = m.offsets();
    Origin origin =
        (n, c, h, w) -> {
          long index = (((long) n * y.c() + c) * y.h() + h) * y.w() + w;
          long at = 0;
          for (int d = offsets.size() - 1; d >= 0; d--) {
            int[] all = offsets.get(d);
            int offset = all[(int) (index % all.length)];
            if (offset == LaneLayer.Move.OUTSIDE) {
              return NOWHERE;
            }
            at += offset;
            index /= all.length;
          }
          return at;
        };
    return new Gather(List.of(input), origin, m.fill());
  }

  static Gather of(LaneLayer.Join j, List<Placement> inputs) {
    Origin origin =
        (n, c, h, w) -> {
          int[] at = {n, c, h, w};
          int axis = j.axis().ordinal();
          int input = 0;
          while (at[axis] >= j.axis().length(j.inputs().get(input))) {
            at[axis] -= j.axis().length(j.inputs().get(input++));
          }
          Tensor t = j.inputs().get(input);
          return element(input, (((long) at[0] * t.c() + at[1]) * t.h() + at[2]) * t.w() + at[3]);
        };
    return new Gather(inputs, origin, 0);
  }

  static Gather of(Layer.View v, Placement input) {
    Tensor x = v.input();
    Tensor y = v.output();
    Origin origin =
        (n, c, h, w) -> {
          int channel = n * y.c() + c;
          int image = channel / v.channels();
          int from = v.firstChannel() + channel % v.channels();
          return (((long) image * x.c() + from) * x.h() + h) * x.w() + w;
        };
    return new Gather(List.of(input), origin, 0);
  }
}
