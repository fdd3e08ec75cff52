// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.List;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.zoo.ConvolutionBuilder.Window;

/**
 * Inception v3 without its auxiliary classifier: Szegedy et al., "Rethinking the Inception
 * Architecture for Computer Vision", 2015, with the channels of torchvision's implementation.
 */
final class InceptionV3 {
  private static final Window POINT = new Window(1, 1, 0);
  private static final Window SQUARE = new Window(3, 1, 1);
  private static final Window SHRINK = new Window(3, 2, 0);

  private final ConvolutionBuilder b;

  private InceptionV3(ConvolutionBuilder b) {
    this.b = b;
  }

  static Graph of(int batch) {
    return new InceptionV3(
            new ConvolutionBuilder("inception_v3", Seeds.byName(3), batch, 3, 299, 299))
        .build();
  }

  private Graph build() {
    String x = b.convRelu(b.input(), 32, SHRINK);
    x = b.convRelu(x, 32, new Window(3, 1, 0));
    x = b.maxPool(b.convRelu(x, 64, SQUARE), 3, 2, 0);
    x = b.convRelu(b.convRelu(x, 80, POINT), 192, new Window(3, 1, 0));
    x = b.maxPool(x, 3, 2, 0);
    for (int pooled : new int[] {32, 64, 64}) {
      x = small(x, pooled);
    }
    x = toMiddle(x);
    for (int width : new int[] {128, 160, 160, 192}) {
      x = middle(x, width);
    }
    x = toLarge(x);
    x = large(large(x));
    return b.classifier(x, 1000);
  }

  /** 35x35: 1x1, 5x5, two of 3x3, average. */
  private String small(String x, int pooled) {
    String point = b.convRelu(x, 64, POINT);
    String five = b.convRelu(b.convRelu(x, 48, POINT), 64, new Window(5, 1, 2));
    String twice = b.convRelu(b.convRelu(b.convRelu(x, 64, POINT), 96, SQUARE), 96, SQUARE);
    String average = b.convRelu(b.averagePool(x, 3, 1, 1), pooled, POINT);
    return b.concat(List.of(point, five, twice, average));
  }

  private String toMiddle(String x) {
    String once = b.convRelu(x, 384, SHRINK);
    String twice = b.convRelu(b.convRelu(b.convRelu(x, 64, POINT), 96, SQUARE), 96, SHRINK);
    return b.concat(List.of(once, twice, b.maxPool(x, 3, 2, 0)));
  }

  /** 17x17: 7x7 as a row after a column, once and twice. */
  private String middle(String x, int width) {
    String point = b.convRelu(x, 192, POINT);
    String once = b.convRelu(row(b.convRelu(x, width, POINT), width), 192, Window.same(7, 1));
    String twice = row(column(b.convRelu(x, width, POINT), width), width);
    twice = b.convRelu(column(twice, width), 192, Window.same(1, 7));
    String average = b.convRelu(b.averagePool(x, 3, 1, 1), 192, POINT);
    return b.concat(List.of(point, once, twice, average));
  }

  private String row(String x, int width) {
    return b.convRelu(x, width, Window.same(1, 7));
  }

  private String column(String x, int width) {
    return b.convRelu(x, width, Window.same(7, 1));
  }

  private String toLarge(String x) {
    String once = b.convRelu(b.convRelu(x, 192, POINT), 320, SHRINK);
    String seven = column(row(b.convRelu(x, 192, POINT), 192), 192);
    return b.concat(List.of(once, b.convRelu(seven, 192, SHRINK), b.maxPool(x, 3, 2, 0)));
  }

  /** 8x8: 3x3 as a row beside a column. */
  private String large(String x) {
    String point = b.convRelu(x, 320, POINT);
    String once = rowAndColumn(b.convRelu(x, 384, POINT));
    String twice = rowAndColumn(b.convRelu(b.convRelu(x, 448, POINT), 384, SQUARE));
    String average = b.convRelu(b.averagePool(x, 3, 1, 1), 192, POINT);
    return b.concat(List.of(point, once, twice, average));
  }

  private String rowAndColumn(String x) {
    return b.concat(
        List.of(b.convRelu(x, 384, Window.same(1, 3)), b.convRelu(x, 384, Window.same(3, 1))));
  }
}
