// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static lockstep.compiler.zoo.ConvolutionBuilder.BRANCH_GAIN;
import static lockstep.compiler.zoo.ConvolutionBuilder.LINEAR_GAIN;

import lockstep.compiler.graph.Graph;

/**
 * Networks of depthwise separable convolutions: Howard et al., "MobileNets", 2017, at a quarter of
 * its width as MLPerf Tiny uses it; Sandler et al., "MobileNetV2: Inverted Residuals and Linear
 * Bottlenecks", 2018; and MLPerf Tiny's DS-CNN for keywords.
 */
final class MobileNets {
  private MobileNets() {}

  /**
   * MobileNet v1 at width 0.25.
   *
   * @param size height and width of the image
   */
  static Graph v1Quarter(int batch, int size, int classes) {
    ConvolutionBuilder b =
        new ConvolutionBuilder("mobilenet_v1_025", Seeds.byName(125), batch, 3, size, size);
    // channels after the pointwise convolution and stride before it: table 1 of the paper
    int[][] blocks = {
      {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1},
      {512, 1}, {512, 1}, {1024, 2}, {1024, 1}
    };
    String x = b.relu(b.conv(b.input(), 32 / 4, 3, 2, 1, 1));
    for (int[] block : blocks) {
      x = b.relu(b.conv(x, b.channels(x), 3, block[1], b.channels(x), 1));
      x = b.relu(b.conv(x, block[0] / 4, 1, 1, 1, 1));
    }
    return b.classifier(x, classes);
  }

  static Graph v2(int batch) {
    ConvolutionBuilder b =
        new ConvolutionBuilder("mobilenet_v2", Seeds.inOrder(2), batch, 3, 224, 224);
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

  static Graph dsCnn(int batch) {
    ConvolutionBuilder b = new ConvolutionBuilder("ds_cnn", Seeds.inOrder(12), batch, 1, 49, 10);
    ConvolutionBuilder.Window first = new ConvolutionBuilder.Window(10, 4, 2, 4, 1, 5, 1);
    String x = b.relu(b.conv(b.input(), 64, first, 1, 1));
    for (int block = 0; block < 4; block++) {
      x = b.relu(b.conv(x, 64, 3, 1, 64, 1));
      x = b.relu(b.conv(x, 64, 1, 1, 1, 1));
    }
    return b.classifier(x, 12);
  }
}
