// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lockstep.compiler.network.Axis;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/** Layers as contractions. */
final class Contractions {
  private static final int UNIT_MULTIPLIER = 1 << 23;
  private static final int UNIT_SHIFT = 23;
  private static final int NO_LEAK = 1 << 15;

  private final TileForm form;

  Contractions(TileForm form) {
    this.form = form;
  }

  /**
   * @param output of the sums requantised, before pooling
   */
  Contraction of(
      Layer.Convolution c, Placement input, Placement output, @Nullable Placement residual) {
    int groupIn = c.input().c() / c.groups();
    int groupOut = c.output().c() / c.groups();
    int total = form.blocks(c.input().c()) * form.depthsPerBlock();
    int[] first = new int[Math.ceilDiv(c.output().c(), form.cols())];
    int[] end = new int[first.length];
    for (int t = 0; t < first.length; t++) {
      int last = Math.min((t + 1) * form.cols(), c.output().c()) - 1;
      first[t] = t * form.cols() / groupOut * groupIn / form.depth();
      end[t] = Math.ceilDiv((last / groupOut + 1) * groupIn, form.depth());
    }
    Window w = c.window();
    Contraction.Weights weights =
        (k, _, channel, fy, fx) -> {
          int at = channel - k / groupOut * groupIn;
          return at < 0 || at >= groupIn
              ? 0
              : c.weights().get(((k * groupIn + at) * w.kernelH() + fy) * w.kernelW() + fx);
        };
    int depths = depths(first, end, total);
    Contraction all =
        new Contraction(
            c.name(),
            List.of(input),
            c.input().zeroPoint(),
            output,
            w,
            c.bias(),
            c.out(),
            output.tensor().zeroPoint(),
            residual,
            first,
            depths,
            weights,
            c.tapsAlike(),
            null);
    return w.equals(Window.POINT) ? flat(all) : all;
  }

  Contraction of(Layer.MatrixProduct p, Placement left, Placement right, Placement output) {
    int depths = form.blocks(p.left().c()) * form.depthsPerBlock();
    return new Contraction(
        p.name(),
        List.of(left),
        0,
        output,
        Window.POINT,
        new long[p.output().c()],
        p.out(),
        output.tensor().zeroPoint(),
        null,
        new int[Math.ceilDiv(p.output().c(), form.cols())],
        depths,
        null,
        false,
        right);
  }

  /** Channels of several tensors behind each other, where they are no whole blocks. */
  Contraction of(Layer.Concat c, List<Placement> inputs, Placement output) {
    int[] firstChannel = new int[inputs.size()];
    int[] firstDepthOf = new int[inputs.size()];
    int total = 0;
    int channels = 0;
    for (int i = 0; i < inputs.size(); i++) {
      firstChannel[i] = channels;
      firstDepthOf[i] = total;
      channels += inputs.get(i).tensor().c();
      total += inputs.get(i).blocks() * form.depthsPerBlock();
    }
    int[] first = new int[Math.ceilDiv(channels, form.cols())];
    int[] end = new int[first.length];
    for (int t = 0; t < first.length; t++) {
      int last = Math.min((t + 1) * form.cols(), channels) - 1;
      first[t] = depthOf(t * form.cols(), firstChannel, firstDepthOf);
      end[t] = depthOf(last, firstChannel, firstDepthOf) + 1;
    }
    Contraction.Weights weights =
        (k, input, channel, _, _) -> firstChannel[input] + channel == k ? 1 : 0;
    int depths = depths(first, end, total);
    return flat(
        new Contraction(
            c.name(),
            inputs,
            0,
            output,
            Window.POINT,
            new long[channels],
            copied(channels, c.output()),
            0,
            null,
            first,
            depths,
            weights,
            true,
            null));
  }

  /** Sums along channels, lines or columns, each weight 1. */
  Contraction of(LaneLayer.Reduce r, Placement input, Placement output) {
    Tensor x = r.input();
    boolean across = r.axes().contains(Axis.C);
    int channels = r.output().c();
    int height = r.axes().contains(Axis.H) ? x.h() : 1;
    int width = r.axes().contains(Axis.W) ? x.w() : 1;
    Window window = new Window(height, width, 1, 1, 1, 1, 0, 0, 0, 0);
    int[] first = new int[Math.ceilDiv(channels, form.cols())];
    int[] end = new int[first.length];
    for (int t = 0; t < first.length; t++) {
      int last = Math.min((t + 1) * form.cols(), channels);
      first[t] = across ? 0 : t * form.cols() / form.depth();
      end[t] = Math.ceilDiv(across ? x.c() : last, form.depth());
    }
    int depths = depths(first, end, form.blocks(x.c()) * form.depthsPerBlock());
    long terms = (long) height * width * (across ? x.c() : 1);
    long[] bias = new long[channels];
    Arrays.fill(bias, -terms * x.zeroPoint());
    int[] multipliers = new int[channels];
    int[] shifts = new int[channels];
    Arrays.fill(multipliers, r.multiplier());
    Arrays.fill(shifts, r.shift());
    Output out = new Output(null, multipliers, shifts, null, 0, NO_LEAK, 0, r.min(), r.max());
    Contraction sums =
        new Contraction(
            r.name(),
            List.of(input),
            0,
            output,
            window,
            bias,
            out,
            r.output().zeroPoint(),
            null,
            first,
            depths,
            (k, _, channel, _, _) -> across || k == channel ? 1 : 0,
            true,
            null);
    return window.equals(Window.POINT) ? flat(sums) : sums;
  }

  private int depthOf(int channel, int[] firstChannel, int[] firstDepthOf) {
    int input = firstChannel.length - 1;
    while (firstChannel[input] > channel) {
      input--;
    }
    return firstDepthOf[input] + (channel - firstChannel[input]) / form.depth();
  }

  /** Depths that each tile takes, whole blocks, the first of them moved so that all are there. */
  private int depths(int[] first, int[] end, int total) {
    int depths = 0;
    int block = form.depthsPerBlock();
    for (int t = 0; t < first.length; t++) {
      first[t] = first[t] / block * block;
      depths = Math.max(depths, Math.ceilDiv(end[t] - first[t], block) * block);
    }
    for (int t = 0; t < first.length; t++) {
      first[t] = Math.min(first[t], total - depths);
    }
    return depths;
  }

  /** A way out that changes nothing but the zero point, which the sums have already. */
  private static Output copied(int channels, Tensor to) {
    int[] multipliers = new int[channels];
    int[] shifts = new int[channels];
    Arrays.fill(multipliers, UNIT_MULTIPLIER);
    Arrays.fill(shifts, UNIT_SHIFT);
    return new Output(null, multipliers, shifts, null, 0, NO_LEAK, 0, to.least(), to.greatest());
  }

  /** All pixels in one line: nothing looks at neighbours. */
  private static Contraction flat(Contraction c) {
    List<Placement> inputs = new ArrayList<>();
    c.inputs().forEach(p -> inputs.add(flat(p)));
    return new Contraction(
        c.name(),
        inputs,
        c.fill(),
        flat(c.output()),
        c.window(),
        c.bias(),
        c.out(),
        c.zero(),
        c.residual() == null ? null : flat(c.residual()),
        c.firstDepth(),
        c.depths(),
        c.weights(),
        c.tapsAlike(),
        c.right());
  }

  static Placement flat(Placement p) {
    Tensor t = p.tensor();
    Tensor line =
        new Tensor(
            t.name(), t.n(), t.c(), 1, t.h() * t.w(), t.scale(), t.zeroPoint(), t.bits(), t.raw());
    return p.reshaped(line);
  }
}
