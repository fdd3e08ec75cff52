// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.Window;
import lockstep.compiler.passes.GraphBuilder;

/** A random image network of about ten operators; the same for the same seed. */
final class RandomModel {
  private final Random random;
  private final GraphBuilder builder = new GraphBuilder();
  private final List<String> values = new ArrayList<>();
  private int channels;
  private int height;
  private int width;
  private int next;

  private RandomModel(long seed) {
    random = new Random(seed);
  }

  static Graph graph(long seed) {
    return new RandomModel(seed).build();
  }

  private Graph build() {
    channels = 1 + random.nextInt(6);
    height = 5 + random.nextInt(9);
    width = 5 + random.nextInt(9);
    String x = "x";
    builder.input("x", 1 + random.nextInt(2), channels, height, width);
    for (int step = 0; step < 8; step++) {
      x =
          switch (random.nextInt(9)) {
            case 0, 1, 2 -> conv(x);
            case 3, 4 -> activate(x);
            case 5 -> pool(x);
            case 6 -> affine(x);
            case 7 -> branch(x);
            default -> concat(x);
          };
    }
    return builder.output(x).build();
  }

  private String fresh() {
    return "v" + next++;
  }

  private String add(Op op, String... inputs) {
    String y = fresh();
    builder.node(y, op, inputs);
    return y;
  }

  private String conv(String x) {
    int kernelH = 1 + random.nextInt(Math.min(4, height));
    int kernelW = 1 + random.nextInt(Math.min(4, width));
    int dilationH = kernelH == 2 && height > 2 ? 1 + random.nextInt(2) : 1;
    Window window =
        new Window(
            kernelH,
            kernelW,
            1 + random.nextInt(2),
            1 + random.nextInt(3),
            dilationH,
            1,
            random.nextInt(3),
            random.nextInt(3),
            random.nextInt(3),
            random.nextInt(3));
    int groups = random.nextInt(3) == 0 ? channels : 1;
    int outputs = groups * (1 + random.nextInt(groups == 1 ? 8 : 2));
    String y = conv(x, window, groups, outputs);
    height = window.outH(height);
    width = window.outW(width);
    channels = outputs;
    return y;
  }

  private String conv(String x, Window window, int groups, int outputs) {
    String w = fresh();
    String b = fresh();
    builder.constant(w, outputs, channels / groups, window.kernelH(), window.kernelW());
    builder.constant(b, outputs);
    return random.nextInt(4) == 0
        ? add(new Op.Conv(window, groups), x, w)
        : add(new Op.Conv(window, groups), x, w, b);
  }

  private String activate(String x) {
    return add(
        new Op.Activate(
            switch (random.nextInt(4)) {
              case 0 -> new Activation.Leaky(0.125 * random.nextInt(5));
              case 1 -> new Activation.Clamp(-0.5, 1.5);
              default -> Activation.RELU;
            }),
        x);
  }

  private String pool(String x) {
    int kernelH = 1 + random.nextInt(Math.min(3, height));
    int kernelW = 1 + random.nextInt(Math.min(3, width));
    Window window =
        new Window(
            kernelH,
            kernelW,
            1 + random.nextInt(2),
            1 + random.nextInt(2),
            1,
            1,
            random.nextInt(kernelH),
            random.nextInt(kernelW),
            random.nextInt(kernelH),
            random.nextInt(kernelW));
    height = window.outH(height);
    width = window.outW(width);
    return add(random.nextBoolean() ? new Op.MaxPool(window) : new Op.AveragePool(window), x);
  }

  private String affine(String x) {
    String scale = fresh();
    String shift = fresh();
    builder.constant(scale, channels, 1, 1).constant(shift, 1, channels, 1, 1);
    return add(new Op.Add(), add(new Op.Mul(), x, scale), shift);
  }

  private String branch(String x) {
    Window same = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
    String y = random.nextBoolean() ? conv(x, same, 1, channels) : x;
    return add(new Op.Add(), y, x);
  }

  private String concat(String x) {
    String y = conv(x, Window.POINT, 1, 2);
    channels += 2;
    return add(new Op.Concat(1), random.nextBoolean() ? new String[] {x, y} : new String[] {y, x});
  }
}
