// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import java.util.TreeSet;
import lockstep.arch.UserError;
import lockstep.arch.vliw.MappingRule;
import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/** Looks for the tiling of a work with the fewest cycles, as they are estimated. */
final class TilingSearch {
  private static final int MOST_CUTS = 64;

  private TilingSearch() {}

  /**
   * The best tiling that a rule allows and the machine has the registers for.
   *
   * @throws UserError if there is none; it says which of the rule's choices cannot be
   */
  static Tiling of(TileForm form, Work work, MappingRule rule) {
    Tiling found = find(form, work, rule);
    if (found == null) {
      throw MappingRefusal.of(form, work, rule);
    }
    return found;
  }

  /** The same, null if there is none. Plans that spare registers are looked for last. */
  static @Nullable Tiling find(TileForm form, Work work, MappingRule rule) {
    Tiling best = scheduled(form, work, rule);
    Work sparing = best == null ? work.sparing() : null;
    return sparing == null ? best : scheduled(form, sparing, rule);
  }

  private static @Nullable Tiling scheduled(TileForm form, Work work, MappingRule rule) {
    Tiling best = estimated(form, work, rule);
    while (best != null && !best.schedules()) {
      best = estimated(form, work, rule);
    }
    return best;
  }

  private static @Nullable Tiling estimated(TileForm form, Work work, MappingRule rule) {
    Tensor y = work.output().tensor();
    Tiling best = null;
    for (int height : heights(y, rule)) {
      for (int width : widths(y, rule, height)) {
        for (int blocks : blocks(form.blocks(y.c()), rule)) {
          for (Work.Plan plan : work.plans(height, width, blocks, rule)) {
            for (boolean channelsFirst : orders(rule)) {
              Tiling next =
                  Tiling.fit(form, work, plan, height, width, blocks, channelsFirst, rule);
              if (next != null && (best == null || next.cycles() < best.cycles())) {
                best = next;
              }
            }
          }
        }
      }
    }
    return best;
  }

  private static List<Integer> heights(Tensor y, MappingRule rule) {
    return rule.tile() == null ? sizes(y.h()) : within(rule.tile().lines(), y.h());
  }

  private static List<Integer> widths(Tensor y, MappingRule rule, int height) {
    if (rule.tile() != null) {
      return within(rule.tile().columns(), y.w());
    }
    return height == 1 ? sizes(y.w()) : List.of(y.w());
  }

  private static List<Integer> blocks(int all, MappingRule rule) {
    return rule.outputBlocks() == null ? sizes(all) : within(rule.outputBlocks(), all);
  }

  private static List<Boolean> orders(MappingRule rule) {
    return rule.pixelsOuter() == null ? List.of(false, true) : List.of(rule.pixelsOuter());
  }

  private static List<Integer> within(int wanted, int all) {
    return wanted <= all ? List.of(wanted) : List.of();
  }

  /** Sizes that cut so many into equal parts, the largest first. */
  private static List<Integer> sizes(int all) {
    TreeSet<Integer> sizes = new TreeSet<>();
    for (int cuts = 1; cuts <= Math.min(all, MOST_CUTS); cuts++) {
      sizes.add(Math.ceilDiv(all, cuts));
    }
    sizes.add(1);
    return List.copyOf(sizes.descendingSet());
  }
}
