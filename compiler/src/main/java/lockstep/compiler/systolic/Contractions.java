// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lockstep.compiler.graph.CodeArray;
import lockstep.compiler.network.LaneLayer;
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
   * @throws IllegalArgumentException if it is not for the array, see {@link ArrayForm}
   */
  static Contraction of(Layer layer) {
    return switch (layer) {
      case Layer.Convolution l -> of(l);
      case Layer.MatrixProduct l -> of(l);
      case Layer.Concat l -> copy(l);
      case Layer.View l -> throw new IllegalArgumentException(l.name() + " moves nothing");
      case Layer.Host l -> throw new IllegalArgumentException(l.name() + " is a host layer");
      case LaneLayer l -> throw new IllegalArgumentException(l.name() + " is for vector lanes");
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
        new Contraction.Weights(bytes(l), perGroup * taps, taps, w.kernelW(), 1),
        null,
        Arrays.stream(l.bias()).mapToInt(Math::toIntExact).toArray(),
        l.out(),
        l.output(),
        List.of(new Contraction.Result(l.output(), l.out(), 0)),
        w.outH(l.input().h()),
        w.outW(l.input().w()));
  }

  /**
   * {@link lockstep.compiler.network.Network#siblings} as one, whose output channels are theirs one
   * after the other.
   */
  static Contraction of(List<Layer.Convolution> siblings) {
    Layer.Convolution first = siblings.getFirst();
    int channels = siblings.stream().mapToInt(l -> l.output().c()).sum();
    ByteArrayOutputStream weights = new ByteArrayOutputStream();
    IntStream.Builder bias = IntStream.builder();
    IntStream.Builder multipliers = IntStream.builder();
    IntStream.Builder shifts = IntStream.builder();
    List<Contraction.Result> results = new ArrayList<>();
    int channel = 0;
    for (Layer.Convolution l : siblings) {
      weights.writeBytes(bytes(l));
      Arrays.stream(l.bias()).mapToInt(Math::toIntExact).forEach(bias);
      Arrays.stream(l.out().multipliers()).forEach(multipliers);
      Arrays.stream(l.out().shifts()).forEach(shifts);
      results.add(new Contraction.Result(l.output(), l.out(), channel));
      channel += l.output().c();
    }
    Output out = first.out();
    Tensor output = first.output();
    String name = siblings.stream().map(Layer::name).collect(Collectors.joining("+"));
    Layer.Convolution whole =
        new Layer.Convolution(
            name,
            first.source(),
            first.input(),
            weights.toByteArray(),
            bias.build().toArray(),
            1,
            first.window(),
            new Output(
                out.pool(),
                multipliers.build().toArray(),
                shifts.build().toArray(),
                null,
                0,
                out.leak(),
                out.outShift(),
                out.min(),
                out.max()),
            new Tensor(
                name,
                output.n(),
                channels,
                output.h(),
                output.w(),
                output.scale(),
                output.zeroPoint()));
    return of(whole).withResults(results);
  }

  private static byte[] bytes(Layer.Convolution l) {
    return switch (l.weights()) {
      case CodeArray.Int8(byte[] values) -> values;
      case CodeArray.Int16 _ -> throw new IllegalArgumentException(l.name() + " is too wide");
    };
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
        List.of(new Contraction.Result(l.output(), l.out(), 0)),
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
        List.of(new Contraction.Result(to, out, 0)),
        to.h(),
        to.w());
  }
}
