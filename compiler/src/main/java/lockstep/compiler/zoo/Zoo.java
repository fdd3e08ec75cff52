// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.List;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.onnx.OnnxWriter;

/**
 * Built-in models: the topologies of well-known networks with seeded weights, batch 1.
 *
 * <ul>
 *   <li>{@code resnet8}, {@code ds_cnn}: image classification and keyword spotting of MLPerf Tiny
 *   <li>{@code resnet18}, {@code resnet50}: He et al., "Deep Residual Learning for Image
 *       Recognition", 2015; the stride of resnet50's blocks is at their 3x3 convolution
 *   <li>{@code mobilenet_v2}: Sandler et al., "MobileNetV2: Inverted Residuals and Linear
 *       Bottlenecks", 2018
 * </ul>
 */
public final class Zoo {
  /** Of the last convolution of a residual branch, so that sums do not grow along the network. */
  private static final double BRANCH_GAIN = 0.5;

  private static final double LINEAR_GAIN = 1 / Math.sqrt(2);

  private Zoo() {}

  public static List<String> names() {
    return List.of("resnet8", "ds_cnn", "resnet18", "resnet50", "mobilenet_v2");
  }

  /** The model as an ONNX file. */
  public static byte[] model(String name) {
    return OnnxWriter.write(graph(name));
  }

  /**
   * The model with all operators in their ONNX form.
   *
   * @throws IllegalArgumentException if there is no model of that name
   */
  public static Graph graph(String name) {
    return switch (name) {
      case "resnet8" -> resnet8();
      case "ds_cnn" -> dsCnn();
      case "resnet18" -> resnet(name, 18, new int[] {2, 2, 2, 2}, false);
      case "resnet50" -> resnet(name, 50, new int[] {3, 4, 6, 3}, true);
      case "mobilenet_v2" -> mobilenetV2();
      default -> throw new IllegalArgumentException("no built-in model '" + name + "'");
    };
  }

  private static Graph resnet8() {
    ZooBuilder b = new ZooBuilder("resnet8", 8, Shape.of(1, 3, 32, 32));
    String x = b.relu(b.conv(b.input(), 16, 3, 1, 1, 1));
    x = basicBlock(b, x, 16, 1, false);
    x = basicBlock(b, x, 32, 2, true);
    x = basicBlock(b, x, 64, 2, true);
    return b.classifier(x, 10);
  }

  private static Graph dsCnn() {
    ZooBuilder b = new ZooBuilder("ds_cnn", 12, Shape.of(1, 1, 49, 10));
    long[] pads = {4, 1, 5, 1};
    String x = b.relu(b.conv(b.input(), 64, new int[] {10, 4}, 2, pads, 1, 1));
    for (int block = 0; block < 4; block++) {
      x = b.relu(b.conv(x, 64, 3, 1, 64, 1));
      x = b.relu(b.conv(x, 64, 1, 1, 1, 1));
    }
    return b.classifier(x, 12);
  }

  private static Graph resnet(String name, long seed, int[] blocks, boolean bottleneck) {
    ZooBuilder b = new ZooBuilder(name, seed, Shape.of(1, 3, 224, 224));
    String x = b.maxPool(b.relu(b.conv(b.input(), 64, 7, 2, 1, 1)), 3, 2, 1);
    for (int stage = 0; stage < blocks.length; stage++) {
      int width = 64 << stage;
      for (int block = 0; block < blocks[stage]; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        x =
            bottleneck
                ? bottleneckBlock(b, x, width, stride, block == 0)
                : basicBlock(b, x, width, stride, stage > 0 && block == 0);
      }
    }
    return b.classifier(x, 1000);
  }

  private static String basicBlock(ZooBuilder b, String x, int width, int stride, boolean project) {
    String y = b.relu(b.conv(x, width, 3, stride, 1, 1));
    y = b.conv(y, width, 3, 1, 1, BRANCH_GAIN);
    String shortcut = project ? b.conv(x, width, 1, stride, 1, LINEAR_GAIN) : x;
    return b.relu(b.add(y, shortcut));
  }

  private static String bottleneckBlock(
      ZooBuilder b, String x, int width, int stride, boolean project) {
    String y = b.relu(b.conv(x, width, 1, 1, 1, 1));
    y = b.relu(b.conv(y, width, 3, stride, 1, 1));
    y = b.conv(y, 4 * width, 1, 1, 1, BRANCH_GAIN);
    String shortcut = project ? b.conv(x, 4 * width, 1, stride, 1, LINEAR_GAIN) : x;
    return b.relu(b.add(y, shortcut));
  }

  private static Graph mobilenetV2() {
    ZooBuilder b = new ZooBuilder("mobilenet_v2", 2, Shape.of(1, 3, 224, 224));
    // expansion, channels, repetitions, first stride: table 2 of the paper
    int[][] stages = {
      {1, 16, 1, 1},
      {6, 24, 2, 2},
      {6, 32, 3, 2},
      {6, 64, 4, 2},
      {6, 96, 3, 1},
      {6, 160, 3, 2},
      {6, 320, 1, 1}
    };
    int channels = 32;
    String x = b.relu6(b.conv(b.input(), channels, 3, 2, 1, 1));
    for (int[] stage : stages) {
      for (int block = 0; block < stage[2]; block++) {
        int stride = block == 0 ? stage[3] : 1;
        int wide = channels * stage[0];
        boolean residual = stride == 1 && channels == stage[1];
        String y = stage[0] == 1 ? x : b.relu6(b.conv(x, wide, 1, 1, 1, 1));
        y = b.relu6(b.conv(y, wide, 3, stride, wide, 1));
        y = b.conv(y, stage[1], 1, 1, 1, residual ? BRANCH_GAIN : LINEAR_GAIN);
        x = residual ? b.add(x, y) : y;
        channels = stage[1];
      }
    }
    return b.classifier(b.relu6(b.conv(x, 1280, 1, 1, 1, 1)), 1000);
  }
}
