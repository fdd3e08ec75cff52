// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;
import java.util.Objects;

/**
 * Constant weights in the order in which execute reads them.
 *
 * <pre>
 * bytes of an output block: [reduction tile][tap][lane][column]
 * </pre>
 */
final class WeightLayout {
  private WeightLayout() {}

  /** The weights of output block {@code block} for some reduction tiles. */
  static byte[] bytes(LayerPlan plan, List<Lane.Tile> lanes, int block) {
    Contraction c = plan.contraction();
    Mapping m = plan.mapping();
    Contraction.Weights w = Objects.requireNonNull(c.weights());
    int cols = plan.cols();
    int width = plan.width(block);
    int kh = plan.holdsWeights() ? 1 : plan.tapsH();
    int kw = plan.holdsWeights() ? 1 : plan.tapsW();
    int rows = lanes.stream().mapToInt(Lane.Tile::lanes).sum() * kh * kw;
    byte[] bytes = new byte[rows * width];
    byte[] values = w.values();
    int perOutput = w.perOutput();
    int groupChannels = c.groupChannels();
    int outPerGroup = c.outChannels() / c.groups();
    int at = 0;
    for (Lane.Tile tile : lanes) {
      int[][] lane = new int[tile.lanes()][];
      for (Lane.Piece p : tile.pieces()) {
        for (int i = 0; i < p.length(); i++) {
          lane[p.lane() + i] = origin(c, m, p, i, cols);
        }
      }
      for (int fy = 0; fy < kh; fy++) {
        for (int fx = 0; fx < kw; fx++) {
          for (int[] l : lane) {
            int group = l[0] / groupChannels;
            int from = Math.max(block * cols, group * outPerGroup);
            int to = Math.min(block * cols + width, (group + 1) * outPerGroup);
            int channel = l[0] % groupChannels;
            int weight =
                m.patches() ? w.index(from, channel, l[1], l[2]) : w.index(from, channel, fy, fx);
            for (int n = from; n < to; n++) {
              bytes[at + n - block * cols] = values[weight];
              weight += perOutput;
            }
            at += width;
          }
        }
      }
    }
    return bytes;
  }

  /** Input channel, kernel line and kernel column that lane {@code i} of a piece stands for. */
  private static int[] origin(Contraction c, Mapping m, Lane.Piece p, int i, int cols) {
    if (m.patches()) {
      int channels = c.inChannels();
      int at = p.offset() + i;
      return new int[] {at % channels, p.source(), at / channels};
    }
    int before = 0;
    for (int s = 0; s < p.source(); s++) {
      before += c.sources().get(s).c();
    }
    return new int[] {before + p.block() * cols + p.offset() + i, 0, 0};
  }
}
