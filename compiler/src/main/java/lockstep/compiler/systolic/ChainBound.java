// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;

/**
 * The least that a stripe of a layer can cost by the mapping search's score, whatever its mapping,
 * where all inner tensors stay on chip: computed lines, outer bytes and weights each once.
 */
final class ChainBound {
  private final SystolicArchitecture arch;
  private final Stretch stretch;
  private final MemoryPlan plan;
  private final List<Room> rooms;
  private final Map<Integer, PerLayer> known = new HashMap<>();

  /**
   * What does not depend on the lines.
   *
   * @param execute least busy cycles of the array for each result
   * @param store least busy cycles of the store unit for each output pixel
   * @param weights bytes of weights
   */
  private record PerLayer(long execute, long store, long weights) {}

  /**
   * For a stretch.
   *
   * @param rooms what each layer finds on chip without chains; outer tensors stay so
   */
  ChainBound(SystolicArchitecture arch, Stretch stretch, MemoryPlan plan, List<Room> rooms) {
    this.arch = arch;
    this.stretch = stretch;
    this.plan = plan;
    this.rooms = rooms;
  }

  /** The least score of a chain in stripes of {@code lines} lines; infinite if it cannot be cut. */
  double score(ChainShape shape, int lines) {
    Optional<List<LineCut>> cuts = shape.demand(shape.stripe(shape.middle(lines), lines));
    if (cuts.isEmpty()) {
      return Double.POSITIVE_INFINITY;
    }
    double least = 0;
    for (int i = 0; i < cuts.get().size(); i++) {
      least += score(shape, shape.first() + i, cuts.get().get(i));
    }
    return least * shape.height() / lines;
  }

  private double score(ChainShape shape, int layer, LineCut cut) {
    Contraction c = cut.whole();
    Room room = rooms.get(layer);
    PerLayer l = known.computeIfAbsent(layer, this::perLayer);
    long results = (long) cut.results().size() * c.convW() * c.images();
    long pixels = (long) cut.out().size() * c.output().w() * c.images();
    long read = l.weights();
    if (!room.input()) {
      for (Tensor t : c.sources()) {
        read += shape.isInner(t) ? 0 : read(c, cut, t);
      }
    }
    Tensor residual = c.out().residual();
    if (residual != null && !room.residual() && !shape.isInner(residual)) {
      read += pixels * residual.c();
    }
    boolean inner = ChainShape.writes(c).stream().allMatch(shape::isInner);
    long written = inner ? 0 : pixels * (c.outChannels() - room.outputs());
    double rate = Math.min(arch.dma().widthBytes(), arch.memory().bytesPerCycle());
    double cycles = Math.max(l.execute() * results, l.store() * pixels);
    cycles = Math.max(cycles, Math.max(read, written) / rate);
    int fill = 2 * arch.memory().latencyCycles() + arch.array().rows() + arch.array().cols();
    return cycles + fill + MappingCost.SHARE_OF_TRAFFIC * (read + written) / rate;
  }

  /** Bytes of the lines of a source, of which a window may leave out some pixels. */
  private static long read(Contraction c, LineCut cut, Tensor t) {
    Window k = c.window();
    long bytes = (long) cut.read().size() * t.w() * t.c() * t.n();
    return bytes / Math.max(1, k.strideH()) / Math.max(1, k.strideW());
  }

  private PerLayer perLayer(int layer) {
    Contraction c = stretch.layers().get(layer);
    Room all = Room.empty(arch.scratchpad().banks());
    MappingProblem p = MappingProblem.of(arch, c, Stretch.sources(c, plan), all);
    long steps = (long) p.pixels().tiles() * p.taps(false);
    if (p.patches().tiles() > 0) {
      steps = Math.min(steps, p.patches().tiles());
    }
    int width = Math.min(arch.postProcessing().lanes(), arch.dma().widthBytes());
    int chunks = Math.ceilDiv(arch.array().cols(), Math.min(width, arch.array().cols()));
    int taps = c.pool().kernelH() * c.pool().kernelW();
    long blocks = (long) p.blocks() * p.slabs();
    int weightTaps = p.sums() ? 1 : c.window().kernelH() * c.window().kernelW();
    return new PerLayer(
        steps * blocks,
        Math.max(taps, chunks) * blocks,
        (long) c.outChannels() * c.groupChannels() * weightTaps);
  }
}
