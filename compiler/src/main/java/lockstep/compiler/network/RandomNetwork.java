// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Draws small valid networks for testing machines: convolutions of every form (odd kernels,
 * strides, dilations, asymmetric pads, groups, depthwise), fused pooling, residuals and leaky
 * activations, siblings, products of activations, and concatenations. What no layer reads is an
 * output. The same generator state gives the same network.
 *
 * <p>Half of them have each scale rounded to a power of two. With a multiplier of 24 random bits a
 * product that lies exactly between two integers hardly ever comes up; with those, half to even and
 * half up differ.
 */
public final class RandomNetwork {
  private static final int MOST_ELEMENTS = 1 << 14;

  private final RandomGenerator random;
  private final int largest;
  private final int block;
  private final DrawnParameters drawn;
  private final boolean straight;
  private final @Nullable DrawnLanes lanes;
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();

  private RandomNetwork(
      RandomGenerator random, int largest, int block, boolean straight, boolean lanes) {
    this.random = random;
    this.largest = largest;
    this.block = block;
    drawn = new DrawnParameters(random);
    this.straight = straight;
    this.lanes = lanes ? new DrawnLanes(random, largest) : null;
  }

  /**
   * A network of {@code layers} layers.
   *
   * @param largest bound on channels and on height and width
   */
  public static Network draw(RandomGenerator random, int layers, int largest) {
    return draw(random, layers, largest, 0);
  }

  /**
   * The same with views.
   *
   * @param block views begin at multiples of so many channels; 0 for no views
   */
  public static Network draw(RandomGenerator random, int layers, int largest, int block) {
    Network network = new RandomNetwork(random, largest, block, false, false).draw(layers);
    return random.nextBoolean() ? network : PowersOfTwo.of(network);
  }

  /** The same of layers each of which reads what the one before has written, and small windows. */
  public static Network drawStraight(RandomGenerator random, int layers, int largest) {
    return new RandomNetwork(random, largest, 0, true, false).draw(layers);
  }

  /**
   * The same, about half of it {@link LaneLayer}s: for machines that have them.
   *
   * @param block views begin at multiples of so many channels; 0 for no views
   */
  public static Network drawWithLanes(RandomGenerator random, int layers, int largest, int block) {
    Network network = new RandomNetwork(random, largest, block, false, true).draw(layers);
    return random.nextBoolean() ? network : PowersOfTwo.of(network);
  }

  private Network draw(int count) {
    Tensor input =
        tensor(
            "input",
            1 + random.nextInt(2),
            upTo(largest),
            random.nextInt(3) == 0 ? 1 : upTo(largest),
            upTo(largest));
    tensors.add(input);
    while (layers.size() < count) {
      String name = "layer" + layers.size();
      if (lanes != null && random.nextBoolean()) {
        LaneLayer layer =
            random.nextInt(6) == 0
                ? lanes.data(name, any())
                : lanes.draw(name, any(), List.copyOf(tensors));
        if (layer.output().elements() > MOST_ELEMENTS) {
          continue;
        }
        layers.add(layer);
        tensors.add(layer.output());
        continue;
      }
      Layer layer =
          switch (random.nextInt(11)) {
            case 0 -> concat(name);
            case 1 -> product(name);
            case 2 -> depthwise(name);
            case 3 -> sameSize(name);
            case 4, 5 -> sibling(name);
            case 6 -> block > 0 ? view(name) : convolution(name);
            default -> convolution(name);
          };
      layers.add(layer);
      tensors.add(layer.output());
    }
    Set<Tensor> read =
        layers.stream().flatMap(l -> l.inputs().stream()).collect(Collectors.toSet());
    List<Tensor> outputs =
        layers.stream().map(Layer::output).filter(t -> !read.contains(t)).toList();
    return SiblingGroups.marked(
        new Network("random", List.of(input), List.copyOf(layers), outputs));
  }

  private int upTo(int bound) {
    return 1 + random.nextInt(bound);
  }

  private Tensor any() {
    if (straight) {
      return tensors.getLast();
    }
    return random.nextInt(3) > 0 ? tensors.getLast() : tensors.get(random.nextInt(tensors.size()));
  }

  private Tensor tensor(String name, int n, int c, int h, int w) {
    int zero = random.nextBoolean() ? 0 : random.nextInt(256) - 128;
    return new Tensor(name, n, c, h, w, 1.0, zero);
  }

  private Layer concat(String name) {
    Tensor first = any();
    List<Tensor> parts = new ArrayList<>(List.of(first));
    for (Tensor t : tensors) {
      boolean fits = t.n() == first.n() && t.h() == first.h() && t.w() == first.w();
      fits &= lanes == null || t.sameEncoding(first);
      if (fits && random.nextBoolean() && parts.size() < 4) {
        parts.add(t);
      }
    }
    int channels = parts.stream().mapToInt(Tensor::c).sum();
    if (channels > 4 * largest) {
      return convolution(name);
    }
    // the machine copies bytes; the common scale is the network's own business
    Tensor to =
        new Tensor(
            name + "_out",
            first.n(),
            channels,
            first.h(),
            first.w(),
            first.scale(),
            first.zeroPoint());
    return new Layer.Concat(name, List.of(name), List.copyOf(parts), to);
  }

  /** A range of whole blocks of channels, or channels counted as images, or images as channels. */
  private Layer view(String name) {
    Tensor in = any();
    int blocks = in.c() / block;
    if (blocks == 0) {
      return convolution(name);
    }
    int first = 0;
    int n = in.n();
    int c = in.c();
    if (in.n() > 1 && in.c() % block == 0 && random.nextBoolean()) {
      n = 1;
      c = in.n() * in.c();
    } else {
      first = random.nextInt(blocks);
      int taken = 1 + random.nextInt(blocks - first);
      int heads = random.nextBoolean() ? 1 : taken;
      boolean rest = heads == 1 && first + taken == blocks;
      n = in.n() * heads;
      c = rest ? in.c() - first * block : taken * block / heads;
    }
    Tensor to = new Tensor(name + "_out", n, c, in.h(), in.w(), in.scale(), in.zeroPoint());
    return new Layer.View(name, List.of(name), in, first * block, to);
  }

  private Layer product(String name) {
    Tensor shape = any();
    Tensor left =
        tensors.stream()
            .filter(t -> t.h() == 1 && t.w() > 1 && t.zeroPoint() == 0)
            .findFirst()
            .orElse(shape);
    for (Tensor right : tensors) {
      boolean lines = left.h() == 1 && right.h() == 1;
      boolean zeros = left.zeroPoint() == 0 && right.zeroPoint() == 0;
      if (lines && zeros && right.n() == left.n() && right.w() == left.c()) {
        Tensor to = tensor(name + "_out", left.n(), right.c(), 1, left.w());
        return new Layer.MatrixProduct(
            name, List.of(name), left, right, drawn.output(to, null, null), to);
      }
    }
    return convolution(name);
  }

  /** Another convolution of what one before reads, often in whole blocks of channels. */
  private Layer sibling(String name) {
    for (Layer layer : straight ? List.<Layer>of() : layers.reversed()) {
      if (layer instanceof Layer.Convolution c && c.sibling().isPresent()) {
        int channels = random.nextBoolean() ? upTo(largest) : 4 * upTo(4);
        Tensor like = c.output();
        Tensor to = tensor(name + "_out", like.n(), channels, like.h(), like.w());
        return convolution(
            name, c.input(), 1, c.window(), drawn.output(to, c.out().pool(), null), to);
      }
    }
    return convolution(name);
  }

  private Layer depthwise(String name) {
    Tensor in = any();
    return convolution(name, in, in.c() * upTo(2), in.c());
  }

  private Layer convolution(String name) {
    Tensor in = any();
    int groups = 1;
    if (random.nextInt(6) == 0) {
      for (int g = 2; g <= in.c(); g++) {
        if (in.c() % g == 0 && random.nextBoolean()) {
          groups = g;
        }
      }
    }
    return convolution(name, in, groups * Math.max(1, upTo(largest) / groups), groups);
  }

  /** A convolution whose output has its input's size, so that it can be added to it. */
  private Layer sameSize(String name) {
    Tensor in = any();
    int pad = random.nextInt(3);
    int kernel = 2 * pad + 1;
    Window w =
        in.h() == 1
            ? new Window(1, kernel, 1, 1, 1, 1, 0, pad, 0, pad)
            : new Window(kernel, kernel, 1, 1, 1, 1, pad, pad, pad, pad);
    return convolution(name, in, in.c(), 1, w);
  }

  private Layer convolution(String name, Tensor in, int outChannels, int groups) {
    Window w = drawn.window(in.h(), in.w(), straight ? 3 : 5);
    return convolution(name, in, outChannels, groups, w);
  }

  private Layer convolution(String name, Tensor in, int outChannels, int groups, Window w) {
    int h = w.outH(in.h());
    int width = w.outW(in.w());
    Window pool = null;
    if (random.nextInt(5) == 0) {
      Window p = drawn.window(h, width, 3);
      if (p.dilationH() == 1
          && p.dilationW() == 1
          && p.padTop() < p.kernelH()
          && p.padLeft() < p.kernelW()
          && p.padBottom() < p.kernelH()
          && p.padRight() < p.kernelW()) {
        pool = p;
        h = p.outH(h);
        width = p.outW(width);
      }
    }
    Tensor to = tensor(name + "_out", in.n(), outChannels, h, width);
    Tensor residual = null;
    for (Tensor t : tensors) {
      boolean fits = t.n() == to.n() && t.c() == to.c() && t.h() == to.h() && t.w() == to.w();
      if (fits && random.nextBoolean()) {
        residual = t;
      }
    }
    return convolution(name, in, groups, w, drawn.output(to, pool, residual), to);
  }

  private Layer convolution(String name, Tensor in, int groups, Window w, Output out, Tensor to) {
    int outChannels = to.c();
    byte[] weights = new byte[outChannels * (in.c() / groups) * w.kernelH() * w.kernelW()];
    boolean same = random.nextInt(8) == 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = same ? 1 : (byte) (random.nextInt(256) - 128);
    }
    int[] bias = new int[outChannels];
    for (int i = 0; i < bias.length; i++) {
      bias[i] = random.nextInt(4000) - 2000;
    }
    return new Layer.Convolution(name, List.of(name), in, weights, bias, groups, w, out, to);
  }
}
