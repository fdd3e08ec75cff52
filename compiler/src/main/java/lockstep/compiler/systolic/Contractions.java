// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.Arrays;
import java.util.List;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.isa.FixedPoint;

/** Layers as contractions. */
final class Contractions {
  private static final FixedPoint.Scale ONE = FixedPoint.scale(1.0);

  private Contractions() {}

  /**
   * What a layer asks of the machine.
   *
   * @throws IllegalArgumentException if it is a layer of the host
   */
  static Contraction of(Layer layer) {
    return switch (layer) {
      case Layer.Convolution l -> of(l);
      case Layer.MatrixProduct l -> of(l);
      case Layer.Concat l -> copy(l);
      case Layer.Host l -> throw new IllegalArgumentException(l.name() + " is a host layer");
    };
  }

  static Contraction of(Layer.Convolution l) {
    Window w = l.window();
    int perGroup = l.input().c() / l.groups();
    int taps = w.kernelH() * w.kernelW();
    return new Contraction(
        l.name(),
        List.of(l.input()),
        l.output().c(),
        l.groups(),
        w,
        new Contraction.Weights(l.weights(), perGroup * taps, taps, w.kernelW(), 1),
        null,
        l.bias(),
        l.out(),
        l.output(),
        w.outH(l.input().h()),
        w.outW(l.input().w()));
  }

  static Contraction of(Layer.MatrixProduct l) {
    return new Contraction(
        l.name(),
        List.of(l.left()),
        l.output().c(),
        1,
        Window.POINT,
        null,
        l.right(),
        new int[l.output().c()],
        l.out(),
        l.output(),
        l.left().h(),
        l.left().w());
  }

  /** A concatenation that must move bytes: each output channel copies one input channel. */
  static Contraction copy(Layer.Concat l) {
    Tensor to = l.output();
    int[] bias = new int[to.c()];
    Arrays.fill(bias, -to.zeroPoint());
    int[] multipliers = new int[to.c()];
    Arrays.fill(multipliers, ONE.multiplier());
    int[] shifts = new int[to.c()];
    Arrays.fill(shifts, ONE.shift());
    Output out = new Output(null, multipliers, shifts, null, 0, 1 << 15, 0, -128, 127);
    return new Contraction(
        l.name(),
        l.inputs(),
        to.c(),
        to.c(),
        Window.POINT,
        new Contraction.Weights(new byte[] {1}, 0, 0, 0, 0),
        null,
        bias,
        out,
        to,
        to.h(),
        to.w());
  }
}
