// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Window;

/**
 * Patches of which each input line is read once: a load writes it as every kernel line that it is
 * to some result. That takes all reduction tiles at a time. A load has the input lines of one
 * remainder by the stride; from one to the next the same kernel line is of the next result line.
 *
 * <pre>
 * kernel of 3 lines, stride 1, results 0..3:    input line  0  1  2  3  4  5
 *                                       kernel line 0 of    0  1  2  3
 *                                                   1 of       0  1  2  3
 *                                                   2 of          0  1  2  3
 * </pre>
 */
final class Replay {
  private static final int MOST_BYTES = 4095;
  private static final int MOST_COPIES = 255;
  private static final int BEATS_AT_HAND_BEFORE = 2;

  private Replay() {}

  /** Whether a load can do it: lines short enough to be at hand until they are written last. */
  static boolean can(SystolicArchitecture a, Contraction c) {
    Window k = c.window();
    int bytes = lineBytes(c);
    if (k.dilationH() != 1 || bytes > MOST_BYTES || k.kernelH() > MOST_COPIES) {
      return false;
    }
    int port = a.dma().widthBytes();
    return Lane.patches(k.kernelH(), bytes, a.array().rows(), port).stream()
        .flatMap(tile -> tile.pieces().stream())
        .allMatch(piece -> piece.offset() <= BEATS_AT_HAND_BEFORE * port);
  }

  /** Bytes of a kernel line. */
  static int lineBytes(Contraction c) {
    return c.window().kernelW() * c.inChannels();
  }

  /** Loads that the lines of a pixel tile take. */
  static int loads(Window k) {
    return Math.min(k.strideH(), k.kernelH());
  }

  /** Kernel lines that the lines of load {@code load} are. */
  static int copies(Window k, int load) {
    return Math.ceilDiv(k.kernelH() - load, k.strideH());
  }

  /** Input lines that {@code results} lines of results read. */
  static int lines(Window k, int results) {
    int lines = 0;
    for (int load = 0; load < loads(k); load++) {
      lines += results + copies(k, load) - 1;
    }
    return lines;
  }
}
