// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.List;
import lockstep.isa.FixedPoint;

/** What {@link LaneLayer} promises of each kind. */
final class LaneLayerCheck {
  private static final int TABLE = 256;
  private static final int LONGEST_ROW = 4096;
  private static final long WIDEST_DIFFERENCE = 255;

  private LaneLayerCheck() {}

  /**
   * @throws IllegalStateException if a promise is broken
   */
  static void require(LaneLayer layer) {
    String name = layer.name();
    for (Tensor input : layer.inputs()) {
      require(input.bits() <= Byte.SIZE, name, "reads codes of more than 8 bits");
    }
    require(layer.output().bits() <= Byte.SIZE, name, "writes codes of more than 8 bits");
    switch (layer) {
      case LaneLayer.Data d ->
          require(d.codes().length == d.output().elements(), name, "a code per element");
      case LaneLayer.Lookup l -> {
        require(l.table().length == TABLE, name, "a table of " + l.table().length + " codes");
        require(sameShape(l.input(), l.output()), name, "shapes");
      }
      case LaneLayer.Elementwise e -> elementwise(e);
      case LaneLayer.Move m -> move(m);
      case LaneLayer.Join j -> join(j);
      case LaneLayer.Reduce r -> reduce(r);
      case LaneLayer.Softmax s -> rows(name, s.input(), s.axis(), s.output());
      case LaneLayer.Normalisation n -> {
        rows(name, n.input(), n.axis(), n.output());
        int length = n.axis().length(n.input());
        require(
            n.gamma().length == length && n.beta().length == length,
            name,
            "a gamma and a beta per place of the axis");
      }
    }
  }

  private static void elementwise(LaneLayer.Elementwise e) {
    Tensor y = e.output();
    for (Axis axis : Axis.values()) {
      int longest = Math.max(axis.length(e.left()), axis.length(e.right()));
      boolean fits = axis.length(y) == longest;
      for (Tensor x : e.inputs()) {
        fits &= axis.length(x) == longest || axis.length(x) == 1;
      }
      require(fits, e.name(), "combines " + e.left() + " and " + e.right() + " as " + y);
    }
    long left = WIDEST_DIFFERENCE * Math.abs((long) e.leftMultiplier());
    long right = WIDEST_DIFFERENCE * Math.abs((long) e.rightMultiplier());
    boolean product = e.kind() == LaneLayer.Combination.MULTIPLY;
    require(
        product
            ? e.leftMultiplier() == 1 && e.rightMultiplier() == 1
            : left + right <= Integer.MAX_VALUE,
        e.name(),
        "multipliers " + e.leftMultiplier() + " and " + e.rightMultiplier());
    wayOut(e.name(), e.multiplier(), e.shift(), e.min(), e.max(), y);
  }

  private static void move(LaneLayer.Move m) {
    Tensor y = m.output();
    long elements = 1;
    long least = 0;
    long greatest = 0;
    for (int[] offsets : m.offsets()) {
      elements *= offsets.length;
      int low = Integer.MAX_VALUE;
      int high = Integer.MIN_VALUE;
      for (int offset : offsets) {
        if (offset != LaneLayer.Move.OUTSIDE) {
          low = Math.min(low, offset);
          high = Math.max(high, offset);
        }
      }
      least += low <= high ? low : 0;
      greatest += low <= high ? high : 0;
    }
    require(elements == y.elements(), m.name(), elements + " elements for " + y);
    require(
        least >= 0 && greatest < m.input().elements(), m.name(), "offsets outside " + m.input());
    require(m.input().sameEncoding(y), m.name(), "moves " + m.input() + " to " + y);
    require(m.fill() >= y.least() && m.fill() <= y.greatest(), m.name(), "fill " + m.fill());
  }

  private static void join(LaneLayer.Join j) {
    Tensor y = j.output();
    require(j.axis() != Axis.C, j.name(), "joins along channels, which is for a Concat");
    int length = 0;
    for (Tensor x : j.inputs()) {
      boolean fits = x.sameEncoding(y);
      for (Axis axis : Axis.values()) {
        fits &= axis == j.axis() || axis.length(x) == axis.length(y);
      }
      require(fits, j.name(), "joins " + x + " into " + y);
      length += j.axis().length(x);
    }
    require(length == j.axis().length(y), j.name(), "the length of what is joined");
  }

  private static void reduce(LaneLayer.Reduce r) {
    List<Axis> ordered = r.axes().stream().sorted().distinct().toList();
    require(!ordered.isEmpty() && ordered.equals(r.axes()), r.name(), "axes " + r.axes());
    long count = 1;
    for (Axis axis : Axis.values()) {
      boolean reduced = r.axes().contains(axis);
      count *= reduced ? axis.length(r.input()) : 1;
      require(
          axis.length(r.output()) == (reduced ? 1 : axis.length(r.input())),
          r.name(),
          "reduces " + r.input() + " to " + r.output());
    }
    require(
        r.kind() != LaneLayer.Gathering.SUM || count * WIDEST_DIFFERENCE <= Integer.MAX_VALUE,
        r.name(),
        "a sum of " + count + " codes");
    wayOut(r.name(), r.multiplier(), r.shift(), r.min(), r.max(), r.output());
  }

  private static void rows(String name, Tensor x, Axis axis, Tensor y) {
    require(sameShape(x, y), name, "shapes");
    require(
        (axis == Axis.C || axis == Axis.W) && axis.length(x) <= LONGEST_ROW,
        name,
        "rows along " + axis + " of " + x);
  }

  private static void wayOut(String name, int multiplier, int shift, int min, int max, Tensor y) {
    require(
        multiplier >= 0
            && multiplier < 1 << FixedPoint.MULTIPLIER_BITS
            && shift >= 0
            && shift < 1 << FixedPoint.SHIFT_BITS,
        name,
        "multiplier " + multiplier + ", shift " + shift);
    require(
        min >= y.least() && min <= max && max <= y.greatest(), name, "from " + min + " to " + max);
  }

  static boolean sameShape(Tensor a, Tensor b) {
    return a.n() == b.n() && a.c() == b.c() && a.h() == b.h() && a.w() == b.w();
  }

  private static void require(boolean condition, String layer, String complaint) {
    NetworkCheck.require(condition, layer, complaint);
  }
}
