// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static lockstep.compiler.zoo.ConvolutionBuilder.BRANCH_GAIN;
import static lockstep.compiler.zoo.ConvolutionBuilder.LINEAR_GAIN;

import lockstep.compiler.graph.Graph;

/**
 * Residual networks: He et al., "Deep Residual Learning for Image Recognition", 2015, with the
 * stride of a bottleneck at its 3x3 convolution; and MLPerf Tiny's small one for CIFAR-10.
 */
final class ResNets {
  private ResNets() {}

  static Graph resnet8(int batch) {
    ConvolutionBuilder b = new ConvolutionBuilder("resnet8", Seeds.inOrder(8), batch, 3, 32, 32);
    String x = b.relu(b.conv(b.input(), 16, 3, 1, 1, 1));
    x = basicBlock(b, x, 16, 1, false);
    x = basicBlock(b, x, 32, 2, true);
    x = basicBlock(b, x, 64, 2, true);
    return b.classifier(x, 10);
  }

  static Graph resnet18(int batch) {
    return imageNet(
        new ConvolutionBuilder("resnet18", Seeds.inOrder(18), batch, 3, 224, 224),
        new int[] {2, 2, 2, 2},
        false);
  }

  static Graph resnet50(int batch) {
    return imageNet(
        new ConvolutionBuilder("resnet50", Seeds.inOrder(50), batch, 3, 224, 224),
        new int[] {3, 4, 6, 3},
        true);
  }

  private static Graph imageNet(ConvolutionBuilder b, int[] blocks, boolean bottleneck) {
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

  private static String basicBlock(
      ConvolutionBuilder b, String x, int width, int stride, boolean project) {
    String y = b.relu(b.conv(x, width, 3, stride, 1, 1));
    y = b.conv(y, width, 3, 1, 1, BRANCH_GAIN);
    String shortcut = project ? b.conv(x, width, 1, stride, 1, LINEAR_GAIN) : x;
    return b.relu(b.add(y, shortcut));
  }

  private static String bottleneckBlock(
      ConvolutionBuilder b, String x, int width, int stride, boolean project) {
    String y = b.relu(b.conv(x, width, 1, 1, 1, 1));
    y = b.relu(b.conv(y, width, 3, stride, 1, 1));
    y = b.conv(y, 4 * width, 1, 1, 1, BRANCH_GAIN);
    String shortcut = project ? b.conv(x, 4 * width, 1, stride, 1, LINEAR_GAIN) : x;
    return b.relu(b.add(y, shortcut));
  }
}
