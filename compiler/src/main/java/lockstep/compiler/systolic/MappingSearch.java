// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import lockstep.arch.UserError;
import lockstep.arch.systolic.MappingRule;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Finds the mappings of contractions with the best {@link MappingCost#score}: equal problems once,
 * from the cache what was found before. Equal problems always get equal answers.
 */
final class MappingSearch {
  private final SystolicArchitecture arch;
  private final List<MappingRule> rules;
  private final @Nullable MappingCache cache;
  private final Map<String, FoundMapping> known = new ConcurrentHashMap<>();

  MappingSearch(SystolicArchitecture arch, List<MappingRule> rules, @Nullable MappingCache cache) {
    this.arch = arch;
    this.rules = rules;
    this.cache = cache;
  }

  /** What a layer finds where nothing stays on chip. */
  Room empty() {
    return Room.empty(arch.scratchpad().banks());
  }

  /** Whether a layer may run in stripes: the user neither says no nor chooses its mapping. */
  boolean stripes(Contraction c) {
    MappingRule rule = MappingRule.of(rules, c.name());
    return rule.free() && (rule.depthFirst() == null || rule.depthFirst());
  }

  /** Whether a layer is to run in stripes wherever it can, also where that does not pay. */
  boolean wantsStripes(Contraction c) {
    Boolean wanted = MappingRule.of(rules, c.name()).depthFirst();
    return wanted != null && wanted;
  }

  /** Whether some mapping of a layer fits the machine. */
  boolean fits(Contraction c, List<Placement> sources, Room room) {
    return MappingProblem.of(arch, c, sources, room).solvable();
  }

  /**
   * The best mapping of a contraction that {@link #fits}.
   *
   * @throws UserError if the user's choices for it cannot be
   */
  FoundMapping best(Contraction c, List<Placement> sources, Room room) {
    FoundMapping found = find(c, sources, room);
    if (found == null) {
      MappingProblem p = MappingProblem.of(arch, c, sources, room);
      throw refused(p, MappingRule.of(rules, c.name()));
    }
    return found;
  }

  /** The same, null if there is none or the user's choices for it cannot be. */
  @Nullable FoundMapping find(Contraction c, List<Placement> sources, Room room) {
    MappingProblem p = MappingProblem.of(arch, c, sources, room);
    MappingRule rule = MappingRule.of(rules, c.name());
    if (!p.solvable()) {
      return null;
    }
    return rule.free()
        ? known.computeIfAbsent(p.key(), key -> find(p, key))
        : MappingSpace.search(p, rule);
  }

  private FoundMapping find(MappingProblem p, String key) {
    Optional<FoundMapping> cached =
        cache == null
            ? Optional.empty()
            : cache.get(key, p).filter(f -> MappingCheck.firstFault(p, f.mapping()).isEmpty());
    FoundMapping found = cached.orElseGet(() -> MappingSpace.search(p, MappingRule.FREE));
    if (found == null) {
      throw new IllegalStateException(p.c().name() + " has no mapping on " + arch.name());
    }
    if (cache != null) {
      cache.put(key, found);
    }
    return found;
  }

  /** The reason, shown on the mapping that has the user's choices and else the smallest sizes. */
  private static UserError refused(MappingProblem p, MappingRule rule) {
    boolean patches = rule.patches() != null && rule.patches();
    int residuals = or(rule.residualBanks(), p.loadsResidual() ? 1 : 0);
    int weights =
        or(
            rule.weightBanks(),
            rule.activationBanks() == null || p.room().input()
                ? 1
                : Math.max(1, p.room().banks() - residuals - rule.activationBanks()));
    int activations =
        or(
            rule.activationBanks(),
            p.room().input() ? 0 : Math.max(1, p.room().banks() - residuals - weights));
    Mapping least =
        new Mapping(
            patches,
            rule.dataflow() == null
                ? p.arch().array().dataflows().iterator().next()
                : rule.dataflow(),
            or(rule.tileH(), 1),
            or(rule.tileW(), 1),
            or(rule.reductionTiles(), 1),
            or(rule.outputBlocks(), 1),
            rule.weightsOuter() != null && rule.weightsOuter(),
            activations,
            weights,
            residuals);
    String why =
        MappingCheck.firstFault(p, least).orElse("no choice of what is left open fits the machine");
    return new UserError(
        "mapping of layer %s (rule `%s`): %s".formatted(p.c().name(), rule.match(), why));
  }

  private static int or(@Nullable Integer wanted, int otherwise) {
    return wanted == null ? otherwise : wanted;
  }
}
