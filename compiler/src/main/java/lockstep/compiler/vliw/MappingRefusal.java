// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.function.Predicate;
import lockstep.arch.UserError;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.MappingRule.Size;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Tensor;

/** Why a work has no tiling that a rule allows: the choice to change, and what can be instead. */
final class MappingRefusal {
  private final TileForm form;
  private final Work work;
  private final MappingRule rule;

  private MappingRefusal(TileForm form, Work work, MappingRule rule) {
    this.form = form;
    this.work = work;
    this.rule = rule;
  }

  private enum Choice {
    TILE,
    OUTPUT_BLOCKS,
    UNROLL,
    INNERMOST,
    OUTER,
    BUFFERS
  }

  static UserError of(TileForm form, Work work, MappingRule rule) {
    return new MappingRefusal(form, work, rule).error();
  }

  private UserError error() {
    VliwArchitecture machine = form.machine();
    if (TilingSearch.find(form, work, MappingRule.FREE) == null) {
      return new UserError(
          "layer %s does not fit %s: no tile of it has room in %d bytes of local memory, the registers and %d bundles of instruction memory; raise local_memory.capacity_bytes, registers or instruction_memory"
              .formatted(
                  work.name(),
                  machine.name(),
                  machine.localMemory().capacityBytes(),
                  machine.instructionMemory()));
    }
    for (Choice choice : Choice.values()) {
      MappingRule rest = part(rule, each -> each != choice);
      Tiling possible = rest.equals(rule) ? null : TilingSearch.find(form, work, rest);
      if (possible != null) {
        return refused(
            "%s cannot be%s; left out, the compiler takes %s"
                .formatted(
                    part(rule, each -> each == choice).choices(),
                    reason(choice),
                    part(possible.rule(work.name()), each -> each == choice).choices()));
      }
    }
    return refused("%s cannot be together; leave some out".formatted(rule.choices()));
  }

  private UserError refused(String why) {
    return new UserError(
        "mapping of layer %s (rule `%s`): %s".formatted(work.name(), rule.match(), why));
  }

  private String reason(Choice choice) {
    Tensor y = work.output().tensor();
    int blocks = form.blocks(y.c());
    Size tile = rule.tile();
    Integer wanted = rule.outputBlocks();
    return switch (choice) {
      case TILE ->
          tile != null && (tile.lines() > y.h() || tile.columns() > y.w())
              ? ", its output has %dx%d pixels".formatted(y.h(), y.w())
              : "";
      case OUTPUT_BLOCKS ->
          wanted != null && wanted > blocks
              ? ", its output has %d of %d channels each".formatted(blocks, form.block())
              : "";
      case UNROLL ->
          " with %d accumulator registers, %d vector registers and instruction memory of %d bundles"
              .formatted(
                  form.machine().registers().accumulator().count(),
                  form.machine().registers().vector().count(),
                  form.machine().instructionMemory());
      case INNERMOST ->
          ": depths takes two blocks of input channels, lines a window of two lines, and each that two rounds fit the instruction memory of %d bundles"
              .formatted(form.machine().instructionMemory());
      case OUTER, BUFFERS -> "";
    };
  }

  private static MappingRule part(MappingRule of, Predicate<Choice> kept) {
    boolean unroll = kept.test(Choice.UNROLL);
    return new MappingRule(
        of.match(),
        unroll ? of.pixels() : null,
        unroll ? of.channels() : null,
        kept.test(Choice.INNERMOST) ? of.innermost() : null,
        kept.test(Choice.TILE) ? of.tile() : null,
        kept.test(Choice.OUTPUT_BLOCKS) ? of.outputBlocks() : null,
        kept.test(Choice.OUTER) ? of.pixelsOuter() : null,
        kept.test(Choice.BUFFERS) ? of.buffers() : null);
  }
}
