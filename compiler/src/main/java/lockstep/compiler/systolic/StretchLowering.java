// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Placement;

/** Emits the layers of a stretch in order, those of a {@link Chain} stripe after stripe. */
final class StretchLowering {
  private final SystolicArchitecture arch;
  private final MappingSearch search;
  private final Stretch stretch;
  private final List<Room> rooms;
  private final MemoryPlan plan;
  private final Function<Contraction, UserError> misfit;
  private final ConstantPool pool;
  private final Emitter emitter;
  private final AccumulatorSlots slots;
  private final Map<Constants, ConstantBlocks> constants = new HashMap<>();
  private final Set<String> written = new HashSet<>();
  private final Map<Integer, List<FoundMapping>> found = new HashMap<>();
  private int emitted;

  /** What the constants of a layer in memory depend on: stripes that agree in it share them. */
  private record Constants(int layer, boolean patches, boolean holds, int chunk, int group) {}

  /**
   * For one stretch.
   *
   * @param rooms what each layer finds in the scratchpad
   * @param misfit what to tell the user of a layer that does not fit
   */
  StretchLowering(
      SystolicArchitecture arch,
      MappingSearch search,
      Stretch stretch,
      List<Room> rooms,
      MemoryPlan plan,
      ConstantPool pool,
      Function<Contraction, UserError> misfit) {
    this.arch = arch;
    this.search = search;
    this.stretch = stretch;
    this.rooms = rooms;
    this.plan = plan;
    this.pool = pool;
    this.misfit = misfit;
    emitter = new Emitter(arch);
    slots = new AccumulatorSlots(arch);
  }

  /** Emits all of it. */
  Emitter.Instructions emit() {
    for (int layer = 0; layer < stretch.layers().size(); ) {
      Chain chain = stretch.chain(layer);
      int last = chain == null ? layer : chain.last();
      int stripes = chain == null ? 1 : chain.stripes();
      for (int stripe = 0; stripe < stripes; stripe++) {
        for (int each = layer; each <= last; each++) {
          emit(each, stretch.parts(each).get(stripe));
        }
      }
      layer = last + 1;
    }
    return emitter.finish();
  }

  private void emit(int layer, Contraction c) {
    Room room = rooms.get(layer);
    List<Placement> sources = Stretch.sources(c, plan);
    if (!search.fits(c, sources, room)) {
      throw misfit.apply(c);
    }
    FoundMapping best = search.best(c, sources, room);
    found.computeIfAbsent(layer, l -> new ArrayList<>()).add(best);
    emitter.beginLayer(layer);
    LayerPlan p = LayerPlan.of(arch, c, best.mapping(), plan, written, emitted++ % 2 == 1);
    Mapping m = best.mapping();
    ConstantBlocks blocks =
        constants.computeIfAbsent(
            new Constants(layer, m.patches(), p.holdsWeights(), m.chunk(), m.group()),
            key -> new ConstantBlocks(p, pool));
    new LayerLowering(p, emitter, blocks, slots).emit();
  }

  /** The mappings of a layer's stripes, in order. */
  List<FoundMapping> mappings(int layer) {
    return found.getOrDefault(layer, List.of());
  }
}
