// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;
import java.util.Objects;

/**
 * Weights of a layer in which every output channel reads one input channel, as depthwise
 * convolutions and copies do. Of the rows that execute reads only a diagonal is not zero, and only
 * that lies in memory: a line for each tap, padded to whole beats.
 *
 * <pre>
 * memory  tap 0:  a b c d        rows  tap 0:  a 0 0 0      tap 1:  e 0 0 0
 *         tap 1:  e f g h                      0 b 0 0              0 f 0 0
 *                                              0 0 c 0              0 0 g 0
 *                                              0 0 0 d              0 0 0 h
 * </pre>
 */
final class DiagonalWeights {
  private DiagonalWeights() {}

  /** Whether each output channel reads the input channel of the same number, and no other. */
  static boolean are(Contraction c) {
    return c.weights() != null && c.groupChannels() == 1 && c.groups() == c.outChannels();
  }

  /** Bytes from tap to tap. */
  static int lineBytes(int lanes, int port) {
    return Math.ceilDiv(lanes, port) * port;
  }

  /**
   * Bytes that memory moves for the weights of one output block.
   *
   * @param lanes lanes of each of its reduction tiles
   * @param taps taps that have weights of their own
   * @param port bytes of a beat
   */
  static long bytes(List<Integer> lanes, int taps, int port) {
    return lanes.stream().mapToLong(each -> (long) taps * lineBytes(each, port)).sum();
  }

  /** Whether they take fewer bytes than rows of {@code width} channels; see {@link #bytes}. */
  static boolean save(List<Integer> lanes, int taps, int width, int port) {
    long rows = lanes.stream().mapToLong(each -> (long) each * taps).sum();
    return bytes(lanes, taps, port) < Math.ceilDiv(rows * width, port) * port;
  }

  /** The lines of one reduction tile, tap by tap. */
  static byte[] lines(LayerPlan plan, int firstChannel, int lanes) {
    Contraction.Weights w = Objects.requireNonNull(plan.contraction().weights());
    int kw = plan.holdsWeights() ? 1 : plan.tapsW();
    int stride = lineBytes(lanes, plan.arch().dma().widthBytes());
    byte[] bytes = new byte[plan.weightTaps() * stride];
    for (int tap = 0; tap < plan.weightTaps(); tap++) {
      for (int i = 0; i < lanes; i++) {
        bytes[tap * stride + i] = w.values()[w.index(firstChannel + i, 0, tap / kw, tap % kw)];
      }
    }
    return bytes;
  }
}
