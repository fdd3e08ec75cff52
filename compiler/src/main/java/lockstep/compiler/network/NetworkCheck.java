// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the records of this package promise of a whole network. */
public final class NetworkCheck {
  private final Map<String, Tensor> written = new HashMap<>();

  private NetworkCheck() {}

  /**
   * @throws IllegalStateException if a promise is broken
   */
  public static Network require(Network network) {
    new NetworkCheck().check(network);
    return network;
  }

  private void check(Network network) {
    network.inputs().forEach(t -> write("inputs", t));
    Set<String> names = new HashSet<>();
    for (Layer layer : network.layers()) {
      String name = layer.name();
      require(names.add(name), name, "another layer has this name");
      for (Tensor input : layer.inputs()) {
        require(input.equals(written.get(input.name())), name, "reads " + input + " too early");
      }
      require(
          layer instanceof Layer.Host
              || (layer.output().raw() == null
                  && (layer instanceof LaneLayer
                      || layer.inputs().stream().allMatch(t -> t.raw() == null))),
          name,
          "raw numbers are for the host, and their bytes for vector lanes");
      switch (layer) {
        case Layer.Convolution c -> convolution(c);
        case Layer.MatrixProduct p -> product(p);
        case Layer.Concat c -> concat(c);
        case Layer.View v -> view(v);
        case LaneLayer l -> LaneLayerCheck.require(l);
        case Layer.Host h ->
            require(h.inputs().size() == h.inputShapes().size(), name, "a shape per input");
      }
      write(name, layer.output());
    }
    siblings(network);
    for (Tensor output : network.outputs()) {
      require(output.equals(written.get(output.name())), "outputs", output + " is not written");
    }
  }

  private static void siblings(Network network) {
    Map<String, Layer> layers = new HashMap<>();
    network.layers().forEach(l -> layers.put(l.name(), l));
    Set<String> grouped = new HashSet<>();
    for (List<String> group : network.siblings()) {
      Set<Object> forms = new HashSet<>();
      for (String name : group) {
        require(grouped.add(name), name, "is a sibling twice");
        Layer.Sibling form =
            layers.get(name) instanceof Layer.Convolution c ? c.sibling().orElse(null) : null;
        require(form != null, name, "is no dense convolution without a residual, but a sibling");
        forms.add(form);
      }
      require(group.size() > 1 && forms.size() == 1, group.toString(), "are no siblings");
    }
  }

  private void write(String by, Tensor tensor) {
    boolean sizes = tensor.n() > 0 && tensor.c() > 0 && tensor.h() > 0 && tensor.w() > 0;
    boolean encoding = tensor.scale() > 0 && tensor.bits() >= 2 && tensor.bits() <= Short.SIZE;
    require(sizes && encoding, by, "writes the empty or unscaled " + tensor);
    require(written.put(tensor.name(), tensor) == null, by, "writes " + tensor.name() + " again");
  }

  private static void convolution(Layer.Convolution c) {
    Tensor x = c.input();
    Tensor y = c.output();
    Window w = c.window();
    int height = w.outH(x.h());
    int width = w.outW(x.w());
    Window pool = c.out().pool();
    Tensor residual = c.out().residual();
    boolean shape =
        y.n() == x.n()
            && y.h() == (pool == null ? height : pool.outH(height))
            && y.w() == (pool == null ? width : pool.outW(width));
    require(shape && x.c() % c.groups() == 0 && y.c() % c.groups() == 0, c.name(), "shapes");
    long weights = (long) y.c() * (x.c() / c.groups()) * w.kernelH() * w.kernelW();
    require(
        c.weights().length() == weights && c.bias().length == y.c(), c.name(), "weights or bias");
    require(
        residual == null
            || (residual.n() == y.n()
                && residual.c() == y.c()
                && residual.h() == y.h()
                && residual.w() == y.w()),
        c.name(),
        "the residual's shape");
    Accumulator accumulator = Accumulator.of(c);
    for (long bias : c.bias()) {
      require(
          bias >= accumulator.least() && bias <= accumulator.greatest(),
          c.name(),
          "bias " + bias + " for an accumulator of " + accumulator.bits() + " bits");
    }
    output(c.name(), c.out(), y);
  }

  private static void output(String name, Output out, Tensor y) {
    int channels = y.c();
    require(
        out.multipliers().length == channels && out.shifts().length == channels,
        name,
        "a multiplier and a shift per output channel");
    for (int k = 0; k < channels; k++) {
      int multiplier = out.multipliers()[k];
      int shift = out.shifts()[k];
      require(
          multiplier >= 0 && multiplier < 1 << 24 && shift >= 0 && shift < 64,
          name,
          "multiplier " + multiplier + ", shift " + shift);
    }
    boolean ranges =
        out.residualMultiplier() >> 16 == 0
            && out.leak() >> 16 == 0
            && out.outShift() >> 4 == 0
            && out.min() >= y.least()
            && out.min() <= out.max()
            && out.max() <= y.greatest();
    require(ranges, name, "fields out of range in " + out);
    require(
        (out.residual() == null) == (out.residualMultiplier() == 0),
        name,
        "a residual and its multiplier go together");
  }

  private static void product(Layer.MatrixProduct p) {
    require(
        p.left().zeroPoint() == 0
            && p.right().zeroPoint() == 0
            && p.left().c() == p.right().w()
            && p.output().c() == p.right().c()
            && p.output().w() == p.left().w()
            && p.left().n() == p.right().n(),
        p.name(),
        "operands of a product");
    output(p.name(), p.out(), p.output());
  }

  private static void concat(Layer.Concat c) {
    Tensor y = c.output();
    int channels = 0;
    for (Tensor x : c.inputs()) {
      require(
          x.n() == y.n() && x.h() == y.h() && x.w() == y.w() && x.sameEncoding(y),
          c.name(),
          "joins " + x + " into " + y);
      channels += x.c();
    }
    require(channels == y.c(), c.name(), "channels of the joined tensor");
  }

  private static void view(Layer.View v) {
    Tensor x = v.input();
    Tensor y = v.output();
    require(
        x.h() == y.h()
            && x.w() == y.w()
            && x.sameEncoding(y)
            && (long) v.channels() * x.n() == (long) y.n() * y.c()
            && v.firstChannel() >= 0
            && v.firstChannel() + v.channels() <= x.c(),
        v.name(),
        "views " + x + " as " + y);
  }

  static void require(boolean condition, String layer, String complaint) {
    if (!condition) {
      throw new IllegalStateException("layer '" + layer + "': " + complaint);
    }
  }
}
