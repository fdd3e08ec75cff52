// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.program.Placement;

/** Sizes that mapping search and lowering must agree on. */
final class LayerShape {
  private LayerShape() {}

  static List<Lane.Tile> lanes(
      SystolicArchitecture a, Contraction c, boolean patches, List<Placement> sources, Slab slab) {
    int rows = a.array().rows();
    return patches
        ? Lane.patches(
            c.window().kernelH(), c.window().kernelW() * c.inChannels(), rows, a.dma().widthBytes())
        : Lane.pixels(sources, slab.fromChannel(), slab.toChannel(), rows);
  }

  /** Whether the reduction can be laid out as patches: one narrow block, undilated columns. */
  static boolean patchable(SystolicArchitecture a, Contraction c) {
    return c.sources().size() == 1
        && c.groups() == 1
        && c.right() == null
        && c.inChannels() <= a.array().cols()
        && c.window().dilationW() == 1
        && c.window().kernelH() * c.window().kernelW() > 1;
  }

  /** Whether each input line is read once: patches of which all tiles are loaded at a time. */
  static boolean replays(SystolicArchitecture a, Contraction c, Mapping m) {
    int lanes = c.window().kernelH() * Replay.lineBytes(c);
    return m.patches() && m.chunk() >= Math.ceilDiv(lanes, a.array().rows()) && Replay.can(a, c);
  }

  /** Whether the weights stay in the array for all taps: a depthwise sum, as average pooling is. */
  static boolean holdsWeights(Contraction c, Mapping m) {
    return m.dataflow() == Dataflow.WS && !m.patches() && sums(c);
  }

  /** Whether the layer only sums pixels: depthwise, more than one tap, every weight 1. */
  static boolean sums(Contraction c) {
    Contraction.Weights w = c.weights();
    int kh = c.window().kernelH();
    int kw = c.window().kernelW();
    if (w == null || c.groupChannels() != 1 || kh * kw == 1) {
      return false;
    }
    for (int n = 0; n < c.outChannels(); n++) {
      for (int t = 0; t < kh * kw; t++) {
        if (w.values()[w.index(n, 0, t / kw, t % kw)] != 1) {
          return false;
        }
      }
    }
    return true;
  }
}
