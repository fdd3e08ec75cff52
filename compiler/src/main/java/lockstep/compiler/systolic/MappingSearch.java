// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Finds the mapping of a contraction with the fewest estimated cycles, then the fewest bytes read;
 * exhaustive over a grid of tilings, so equal problems always get equal answers. Problems of the
 * same shape are searched once.
 */
final class MappingSearch {
  private final SystolicArchitecture arch;
  private final @Nullable MappingCache cache;
  private final Map<Object, Mapping> known = new HashMap<>();

  MappingSearch(SystolicArchitecture arch, @Nullable MappingCache cache) {
    this.arch = arch;
    this.cache = cache;
  }

  /** Everything a mapping's cost and validity depend on. */
  private record Shape(
      List<Integer> sourceChannels,
      int images,
      int inH,
      int inW,
      int outChannels,
      int groups,
      lockstep.compiler.network.Window window,
      lockstep.compiler.network.@Nullable Window pool,
      boolean product,
      boolean residual,
      boolean sums) {}

  /** Whether some mapping fits the machine: if any does, the one of the smallest tiles does. */
  boolean fits(Contraction c, List<Placement> sources) {
    MappingCost.Problem p = problem(c, sources, LayerShape.sums(c));
    int results = largestTile(c, 1, 1).results();
    if (results > AccumulatorSlots.slotRows(arch) || results > 65535) {
      return false;
    }
    int banks = arch.scratchpad().banks() - (c.out().residual() == null ? 0 : 1);
    long bankRows = arch.scratchpad().rowsPerBank();
    for (boolean patches : p.lanesPatches() > 0 ? new boolean[] {false, true} : new boolean[1]) {
      for (Dataflow dataflow : arch.array().dataflows()) {
        long plane = MappingCost.Tiling.of(p, patches, dataflow, 1, 1).largestPlane();
        long weightBanks = Math.ceilDiv(weightRows(p, patches, 1, 1, dataflow), bankRows);
        if (plane <= (banks - weightBanks) * bankRows) {
          return true;
        }
      }
    }
    return false;
  }

  /** The best mapping of a contraction that {@link #fits}. */
  Mapping best(Contraction c, List<Placement> sources) {
    boolean sums = LayerShape.sums(c);
    Shape shape =
        new Shape(
            c.sources().stream().map(t -> t.c()).toList(),
            c.images(),
            c.inH(),
            c.inW(),
            c.outChannels(),
            c.groups(),
            c.window(),
            c.out().pool(),
            c.right() != null,
            c.out().residual() != null,
            sums);
    Mapping m = known.get(shape);
    if (m == null) {
      String key = shape.toString();
      Optional<Mapping> cached = cache == null ? Optional.empty() : cache.get(key);
      m = cached.orElseGet(() -> search(problem(c, sources, sums)));
      if (cache != null) {
        cache.put(key, m);
      }
      known.put(shape, m);
    }
    return m;
  }

  private MappingCost.Problem problem(Contraction c, List<Placement> sources, boolean sums) {
    List<Slab> slabs = Slab.of(c, arch.array().cols());
    Slab first = slabs.getFirst();
    List<Lane.Tile> pixels = LayerShape.lanes(arch, c, false, sources, first);
    boolean patchable = LayerShape.patchable(arch, c);
    List<Lane.Tile> patches =
        patchable ? LayerShape.lanes(arch, c, true, sources, first) : List.of();
    return new MappingCost.Problem(
        arch,
        c,
        slabs.size(),
        first.blocks().size(),
        (c.outChannels() - 1) % arch.array().cols() + 1,
        pixels.size(),
        pixels.getLast().lanes(),
        pieces(pixels),
        patches.size(),
        patchable ? patches.getLast().lanes() : 0,
        pieces(patches),
        sums);
  }

  private static int pieces(List<Lane.Tile> tiles) {
    return tiles.stream().mapToInt(t -> t.pieces().size()).sum();
  }

  private Mapping search(MappingCost.Problem p) {
    Contraction c = p.c();
    int accumulatorRows = AccumulatorSlots.slotRows(arch);
    Mapping best = null;
    MappingCost bestCost = null;
    boolean residual = c.out().residual() != null;
    int banks = arch.scratchpad().banks();
    long bankRows = arch.scratchpad().rowsPerBank();
    TreeSet<Integer> heights = parts(c.output().h());
    TreeSet<Integer> widths = parts(c.output().w());
    TreeSet<Integer> groupSizes = parts(p.blocks());
    for (int mode = 0; mode < (p.lanesPatches() > 0 ? 2 : 1); mode++) {
      boolean patches = mode == 1;
      int lanes = patches ? p.lanesPatches() : p.lanesPixels();
      TreeSet<Integer> chunkSizes = parts(lanes);
      for (Dataflow dataflow : arch.array().dataflows()) {
        for (int h : heights) {
          for (int w : widths) {
            PixelTile tile = largestTile(c, h, w);
            int results = tile.results();
            if (results > accumulatorRows || results > 65535) {
              break;
            }
            MappingCost.Tiling tiling = MappingCost.Tiling.of(p, patches, dataflow, h, w);
            if (bestCost != null && tiling.leastCycles() > bestCost.cycles()) {
              continue;
            }
            long planeRows = tiling.largestPlane();
            for (int r = residual ? 1 : 0; r <= (residual ? banks - 2 : 0); r++) {
              if (residual && (long) h * w > r * bankRows) {
                continue;
              }
              for (int wBanks = 1; wBanks + r < banks; wBanks++) {
                int aBanks = banks - r - wBanks;
                for (int group : groupSizes) {
                  if ((long) results * group > accumulatorRows
                      || group > arch.postProcessing().parameterRows()) {
                    break;
                  }
                  for (int chunk : chunkSizes) {
                    if (planeRows * chunk > aBanks * bankRows
                        || weightRows(p, patches, chunk, group, dataflow) > wBanks * bankRows) {
                      break;
                    }
                    for (int order = 0; order < 2; order++) {
                      Mapping m =
                          new Mapping(
                              patches, dataflow, h, w, chunk, group, order == 1, aBanks, wBanks, r);
                      MappingCost cost = MappingCost.of(p, m, tiling);
                      if (bestCost == null || better(cost, bestCost)) {
                        best = m;
                        bestCost = cost;
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    if (best == null) {
      throw new IllegalStateException(c.name() + " has no mapping on " + arch.name());
    }
    return best;
  }

  private static boolean better(MappingCost a, MappingCost b) {
    return a.cycles() != b.cycles() ? a.cycles() < b.cycles() : a.readBytes() < b.readBytes();
  }

  private long weightRows(
      MappingCost.Problem p, boolean patches, int chunk, int group, Dataflow dataflow) {
    boolean hold = p.sums() && !patches && dataflow == Dataflow.WS;
    int taps = patches || hold ? 1 : p.c().window().kernelH() * p.c().window().kernelW();
    int lanes = patches ? p.lanesPatches() : p.lanesPixels();
    int last = patches ? p.lastLanesPatches() : p.lastLanesPixels();
    long rows =
        chunk >= lanes
            ? (long) (lanes - 1) * arch.array().rows() + last
            : (long) chunk * arch.array().rows();
    return rows * taps * group;
  }

  private static PixelTile largestTile(Contraction c, int h, int w) {
    int y = Math.min(h, c.output().h() - h);
    int x = Math.min(w, c.output().w() - w);
    return PixelTile.at(c, 0, Math.max(0, y), Math.max(0, x), h, w);
  }

  /** Sizes {@code ceil(total / i)}: the ones that differ in the number of parts. */
  private static TreeSet<Integer> parts(int total) {
    TreeSet<Integer> sizes = new TreeSet<>();
    for (int i = 1; i <= total; i++) {
      sizes.add(Math.ceilDiv(total, i));
      if (i > 64 && i * 2 < total) {
        i = i * 2 - 1;
      }
    }
    sizes.add(1);
    return sizes;
  }
}
