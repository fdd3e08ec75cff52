// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static lockstep.compiler.zoo.ConvolutionBuilder.LINEAR_GAIN;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.zoo.ConvolutionBuilder.Window;

/**
 * DenseNet-121: Huang et al., "Densely Connected Convolutional Networks", 2017. Normalisation comes
 * before its convolution, so only that between a layer's two convolutions folds.
 */
final class DenseNet {
  private static final int GROWTH = 32;
  private static final int BOTTLENECK = 4 * GROWTH;

  private DenseNet() {}

  static Graph densenet121(int batch) {
    ConvolutionBuilder b =
        new ConvolutionBuilder("densenet121", Seeds.byName(121), batch, 3, 224, 224);
    String x = b.maxPool(b.relu(b.conv(b.input(), 64, 7, 2, 1, 1)), 3, 2, 1);
    int[] blocks = {6, 12, 24, 16};
    for (int block = 0; block < blocks.length; block++) {
      if (block > 0) {
        x = b.relu(b.batchNorm(x));
        x = b.unbiased(x, b.channels(x) / 2, new Window(1, 1, 0), LINEAR_GAIN);
        x = b.averagePool(x, 2, 2, 0);
      }
      x = denseBlock(b, x, blocks[block]);
    }
    return b.classifier(b.relu(b.batchNorm(x)), 1000);
  }

  private static String denseBlock(ConvolutionBuilder b, String x, int layers) {
    List<String> features = new ArrayList<>(List.of(x));
    for (int layer = 0; layer < layers; layer++) {
      String y = b.relu(b.batchNorm(b.concat(List.copyOf(features))));
      y = b.convRelu(y, BOTTLENECK, new Window(1, 1, 0));
      features.add(b.unbiased(y, GROWTH, new Window(3, 1, 1), 1));
    }
    return b.concat(features);
  }
}
