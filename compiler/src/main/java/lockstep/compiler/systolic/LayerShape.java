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

  /** Largest number of scratchpad rows that the activations of one chunk take. */
  static int activationChunkRows(
      SystolicArchitecture a, Contraction c, Mapping m, List<Placement> sources) {
    int lanes = 0;
    for (Slab slab : Slab.of(c, a.array().cols())) {
      lanes = Math.max(lanes, lanes(a, c, m.patches(), sources, slab).size());
    }
    int plane = 0;
    for (PixelTile t : PixelTile.of(c, m.tileH(), m.tileW(), 0, 1)) {
      plane =
          Math.max(
              plane,
              InputPlane.of(c, m.patches(), t.convY(), t.convX(), t.convH(), t.convW()).rows());
    }
    return Math.min(lanes, m.chunk()) * plane;
  }

  /** Largest number of scratchpad rows that the weights of one chunk take. */
  static int weightChunkRows(
      SystolicArchitecture a, Contraction c, Mapping m, List<Placement> sources) {
    int taps = m.patches() || holdsWeights(c, m) ? 1 : c.window().kernelH() * c.window().kernelW();
    int largest = 0;
    for (Slab slab : Slab.of(c, a.array().cols())) {
      List<Lane.Tile> lanes = lanes(a, c, m.patches(), sources, slab);
      int rows = 0;
      for (int k = 0; k < lanes.size(); k += m.chunk()) {
        int sum = 0;
        for (Lane.Tile t : lanes.subList(k, Math.min(lanes.size(), k + m.chunk()))) {
          sum += t.lanes();
        }
        rows = Math.max(rows, sum);
      }
      largest = Math.max(largest, rows * Math.min(m.group(), slab.blocks().size()));
    }
    return largest * taps;
  }
}
