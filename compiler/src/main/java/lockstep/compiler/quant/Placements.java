// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.List;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.ImageView;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/** Brings values to places and into encodings, with the layers that this takes. */
final class Placements {
  private static final int CODES = 256;

  private final LaneSite site;

  Placements(LaneSite site) {
    this.site = site;
  }

  /**
   * The value's elements in a tensor of their own.
   *
   * @param shape of the value
   * @param view the tensor's dimensions
   * @param name of the tensor if it is a new one
   */
  Tensor brought(
      Placed from, Shape shape, ImageView view, List<String> source, String name, int fill) {
    Tensor x = from.tensor();
    Tensor y =
        new Tensor(
            name, view.n(), view.c(), view.h(), view.w(), x.scale(), x.zeroPoint(), x.bits(), null);
    if (from.order() == null && ImageView.of(x).equals(view)) {
      return x;
    }
    int first = firstChannel(from, y);
    if (first >= 0) {
      site.add(new Layer.View(site.unique(name + "/view"), source, x, first, y));
      return y;
    }
    int[] lengths =
        shape.rank() > 4
            ? shape.dims().stream().mapToInt(Integer::intValue).toArray()
            : new int[] {y.n(), y.c(), y.h(), y.w()};
    List<int[]> offsets = Offsets.of(from.order(), lengths);
    site.add(new LaneLayer.Move(site.unique(name + "/move"), source, x, offsets, fill, y));
    return y;
  }

  /** Where a view of channels begins that is all there is to do; -1 if there is more. */
  private static int firstChannel(Placed from, Tensor y) {
    Tensor x = from.tensor();
    int images = x.n();
    if (x.h() != y.h() || x.w() != y.w() || (y.n() * y.c()) % images != 0) {
      return -1;
    }
    int pixels = x.h() * x.w();
    int run = y.n() * y.c() / images * pixels;
    int first = from.at(0) / pixels;
    if (from.at(0) % pixels != 0 || first + run / pixels > x.c()) {
      return -1;
    }
    for (int i = 0; i < y.elements(); i++) {
      if (from.at(i) != (i / run * x.c() + first) * pixels + i % run) {
        return -1;
      }
    }
    return first;
  }

  /** The tensor in another encoding; itself if it has that. */
  Tensor encoded(Tensor from, Encoding to, List<String> source, @Nullable String name) {
    if (from.encoding().equals(to)) {
      return from;
    }
    String fresh = name == null ? site.unique(from.name() + "/codes") : name;
    Tensor y =
        new Tensor(
            fresh,
            from.n(),
            from.c(),
            from.h(),
            from.w(),
            to.scale(),
            to.zeroPoint(),
            to.bits(),
            null);
    if (from.bits() > Byte.SIZE || to.bits() > Byte.SIZE) {
      site.add(ConvolutionLowering.requantise(site.unique(fresh), source, from, y));
      return y;
    }
    byte[] table = new byte[CODES];
    for (int i = 0; i < CODES; i++) {
      table[i] = (byte) to.quantise(from.decode(i + Byte.MIN_VALUE));
    }
    site.add(new LaneLayer.Lookup(site.unique(fresh), source, from, table, y));
    return y;
  }

  /** Numbers known at compile time, in an encoding. */
  Tensor data(float[] values, ImageView view, Encoding q, List<String> source, String name) {
    byte[] codes = new byte[values.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) q.quantise(values[i]);
    }
    Tensor y =
        new Tensor(
            site.unique(name),
            view.n(),
            view.c(),
            view.h(),
            view.w(),
            q.scale(),
            q.zeroPoint(),
            q.bits(),
            null);
    site.add(new LaneLayer.Data(y.name(), source, codes, y));
    return y;
  }

  /** The same in the encoding that its own range gives. */
  Tensor data(float[] values, ImageView view, List<String> source, String name) {
    float min = 0;
    float max = 0;
    for (float each : values) {
      min = Math.min(min, each);
      max = Math.max(max, each);
    }
    return data(
        values, view, CodeWidth.BYTE.encoding(new Calibration.Range(min, max)), source, name);
  }
}
