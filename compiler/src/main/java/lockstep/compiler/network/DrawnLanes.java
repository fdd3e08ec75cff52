// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import lockstep.isa.FixedPoint;

/** Draws {@link LaneLayer}s of odd shapes that read given tensors. */
final class DrawnLanes {
  private static final int CODES = 256;
  private static final int LARGEST_FACTOR = 1 << 22;

  private final RandomGenerator random;
  private final int largest;

  DrawnLanes(RandomGenerator random, int largest) {
    this.random = random;
    this.largest = largest;
  }

  /** A layer that reads {@code x} and perhaps some of {@code others}. */
  LaneLayer draw(String name, Tensor x, List<Tensor> others) {
    return switch (random.nextInt(10)) {
      case 0 -> lookup(name, x);
      case 1, 2 -> elementwise(name, x, others);
      case 3, 4, 5 -> move(name, x);
      case 6 -> join(name, x, others);
      case 7 -> softmax(name, x);
      case 8 -> normalisation(name, x);
      default -> reduce(name, x);
    };
  }

  /** Constant codes, of which each dimension is that of {@code like} or 1. */
  LaneLayer.Data data(String name, Tensor like) {
    Tensor y =
        tensor(
            name,
            random.nextBoolean() ? like.n() : 1,
            random.nextInt(4) > 0 ? like.c() : 1,
            random.nextBoolean() ? like.h() : 1,
            random.nextBoolean() ? like.w() : 1);
    byte[] codes = new byte[(int) y.bytes()];
    random.nextBytes(codes);
    return new LaneLayer.Data(name, List.of(name), codes, y);
  }

  private Tensor tensor(String name, int n, int c, int h, int w) {
    int zero = random.nextBoolean() ? 0 : random.nextInt(CODES) + Byte.MIN_VALUE;
    return new Tensor(name + "_out", n, c, h, w, 1.0, zero);
  }

  private LaneLayer lookup(String name, Tensor x) {
    byte[] table = new byte[CODES];
    random.nextBytes(table);
    Tensor y = tensor(name, x.n(), x.c(), x.h(), x.w());
    return new LaneLayer.Lookup(name, List.of(name), x, table, y);
  }

  private LaneLayer elementwise(String name, Tensor x, List<Tensor> others) {
    List<Tensor> fitting = others.stream().filter(o -> shared(x, o)).toList();
    Tensor other = fitting.get(random.nextInt(fitting.size()));
    boolean first = random.nextBoolean();
    Tensor left = first ? x : other;
    Tensor right = first ? other : x;
    var kinds = LaneLayer.Combination.values();
    LaneLayer.Combination kind = kinds[random.nextInt(kinds.length)];
    boolean product = kind == LaneLayer.Combination.MULTIPLY;
    int a = product ? 1 : factor();
    int b = product ? 1 : random.nextBoolean() ? factor() : -factor();
    Tensor y =
        tensor(
            name,
            Math.max(x.n(), other.n()),
            Math.max(x.c(), other.c()),
            Math.max(x.h(), other.h()),
            Math.max(x.w(), other.w()));
    double unit = product ? 1 : Math.max(a, Math.abs(b));
    FixedPoint.Scale scale = FixedPoint.scale(random.nextDouble(0.005, 1.5) / unit);
    int min = random.nextBoolean() ? Byte.MIN_VALUE : y.zeroPoint();
    return new LaneLayer.Elementwise(
        name,
        List.of(name),
        kind,
        left,
        right,
        a,
        b,
        scale.multiplier(),
        scale.shift(),
        min,
        random.nextInt(3) > 0 ? Byte.MAX_VALUE : Math.min(Byte.MAX_VALUE, min + 100),
        y);
  }

  private int factor() {
    return random.nextInt(3) == 0 ? LARGEST_FACTOR : 1 + random.nextInt(LARGEST_FACTOR);
  }

  private static boolean shared(Tensor x, Tensor o) {
    return Arrays.stream(Axis.values())
        .allMatch(a -> a.length(x) == a.length(o) || a.length(x) == 1 || a.length(o) == 1);
  }

  private LaneLayer reduce(String name, Tensor x) {
    List<Axis> axes = new ArrayList<>();
    for (Axis axis : Axis.values()) {
      if (random.nextInt(3) == 0) {
        axes.add(axis);
      }
    }
    if (axes.isEmpty()) {
      axes.add(Axis.values()[random.nextInt(Axis.values().length)]);
    }
    int count = axes.stream().mapToInt(a -> a.length(x)).reduce(1, (a, b) -> a * b);
    var kinds = LaneLayer.Gathering.values();
    Tensor y =
        tensor(
            name,
            axes.contains(Axis.N) ? 1 : x.n(),
            axes.contains(Axis.C) ? 1 : x.c(),
            axes.contains(Axis.H) ? 1 : x.h(),
            axes.contains(Axis.W) ? 1 : x.w());
    FixedPoint.Scale scale = FixedPoint.scale(random.nextDouble(0.5, 2) / count);
    return new LaneLayer.Reduce(
        name,
        List.of(name),
        kinds[random.nextInt(kinds.length)],
        x,
        axes,
        scale.multiplier(),
        scale.shift(),
        Byte.MIN_VALUE,
        Byte.MAX_VALUE,
        y);
  }

  private LaneLayer softmax(String name, Tensor x) {
    boolean logarithm = random.nextBoolean();
    double scale = logarithm ? random.nextDouble(0.02, 1) : random.nextDouble(0.001, 0.01);
    return new LaneLayer.Softmax(
        name, List.of(name), x, rowAxis(), logarithm, scaled(name, x, scale));
  }

  private LaneLayer normalisation(String name, Tensor x) {
    Axis axis = rowAxis();
    float[] gamma = new float[axis.length(x)];
    float[] beta = new float[gamma.length];
    boolean positive = random.nextBoolean();
    for (int i = 0; i < gamma.length; i++) {
      gamma[i] = positive ? random.nextFloat(2) : random.nextFloat(-2, 2);
      beta[i] = random.nextInt(3) == 0 ? 0 : random.nextFloat(-1, 1);
    }
    double epsilon = random.nextInt(4) == 0 ? 0 : Math.scalb(1.0, random.nextInt(-20, 20));
    return new LaneLayer.Normalisation(
        name,
        List.of(name),
        x,
        axis,
        random.nextBoolean(),
        gamma,
        beta,
        epsilon,
        scaled(name, x, random.nextDouble(0.005, 0.1)));
  }

  private Axis rowAxis() {
    return random.nextBoolean() ? Axis.C : Axis.W;
  }

  private Tensor scaled(String name, Tensor like, double scale) {
    int zero = random.nextInt(CODES) + Byte.MIN_VALUE;
    return new Tensor(name + "_out", like.n(), like.c(), like.h(), like.w(), scale, zero);
  }

  private LaneLayer join(String name, Tensor x, List<Tensor> others) {
    Axis[] choices = {Axis.N, Axis.H, Axis.W};
    Axis axis = choices[random.nextInt(choices.length)];
    List<Tensor> parts = new ArrayList<>(List.of(x));
    for (Tensor o : others) {
      boolean fits = o.sameEncoding(x) && parts.size() < 3 && random.nextBoolean();
      for (Axis each : Axis.values()) {
        fits &= each == axis || each.length(o) == each.length(x);
      }
      if (fits) {
        parts.add(o);
      }
    }
    int length = parts.stream().mapToInt(axis::length).sum();
    Tensor y =
        new Tensor(
            name + "_out",
            axis == Axis.N ? length : x.n(),
            x.c(),
            axis == Axis.H ? length : x.h(),
            axis == Axis.W ? length : x.w(),
            x.scale(),
            x.zeroPoint());
    return new LaneLayer.Join(name, List.of(name), parts, axis, y);
  }

  /** Dimensions in another order, some of them in steps, padded, flipped, repeated or gathered. */
  private LaneLayer move(String name, Tensor x) {
    List<Axis> order = new ArrayList<>(List.of(Axis.values()));
    for (int i = order.size() - 1; i > 0 && random.nextBoolean(); i--) {
      order.add(order.remove(random.nextInt(i + 1)));
    }
    List<int[]> offsets = new ArrayList<>();
    for (Axis axis : order) {
      offsets.add(
          Arrays.stream(places(axis.length(x)))
              .map(i -> i < 0 ? LaneLayer.Move.OUTSIDE : i * axis.stride(x))
              .toArray());
    }
    int[] lengths = offsets.stream().mapToInt(o -> o.length).toArray();
    int merged = random.nextInt(6);
    if (merged < 3) {
      lengths[merged + 1] *= lengths[merged];
      lengths[merged] = 1;
    }
    Tensor y =
        new Tensor(
            name + "_out",
            lengths[0],
            lengths[1],
            lengths[2],
            lengths[3],
            x.scale(),
            x.zeroPoint());
    int fill = random.nextBoolean() ? x.zeroPoint() : random.nextInt(CODES) + Byte.MIN_VALUE;
    return new LaneLayer.Move(name, List.of(name), x, offsets, fill, y);
  }

  /** Which places of a dimension the result has, -1 for none. */
  private int[] places(int length) {
    int some = 1 + random.nextInt(length);
    return switch (random.nextInt(12)) {
      case 0 -> range(some, i -> i + length - some);
      case 1 -> range(Math.ceilDiv(length, 2), i -> 2 * i);
      case 2 -> range(length, i -> length - 1 - i);
      case 3 -> range(Math.min(largest, length + 3), i -> i < 1 || i > length ? -1 : i - 1);
      case 4 -> range(Math.min(2 * length, 2 * largest), i -> i / 2);
      case 5 -> range(some, _ -> random.nextInt(length));
      default -> range(length, i -> i);
    };
  }

  private static int[] range(int length, java.util.function.IntUnaryOperator place) {
    int[] places = new int[length];
    Arrays.setAll(places, place);
    return places;
  }
}
