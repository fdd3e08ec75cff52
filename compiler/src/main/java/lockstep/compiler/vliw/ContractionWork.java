// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.MappingRule.Innermost;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/** A contraction, tile by tile. */
final class ContractionWork implements Work {
  private static final int MOST_OPERATIONS = 640;
  private static final int OFFERED = 2;

  private final TileForm form;
  private final Contraction c;
  private final LoopSchedules schedules;
  private final long address;
  private final boolean spares;
  private final Slab slab;
  private final Operand.Constants constants;
  private final int wayOutOperations;
  private final Set<KernelShape> refused = new HashSet<>();
  private @Nullable Work sparing;

  /**
   * @param address of the contraction's slab in memory
   */
  ContractionWork(TileForm form, Contraction c, LoopSchedules schedules, long address) {
    this(form, c, schedules, address, false);
  }

  private ContractionWork(
      TileForm form, Contraction c, LoopSchedules schedules, long address, boolean spares) {
    this.form = form;
    this.c = c;
    this.schedules = schedules;
    this.address = address;
    this.spares = spares;
    slab = new Slab(form, c);
    constants = new Operand.Constants(address, slab.ends());
    wayOutOperations = new WayOut(c.out(), c.zero()).operations();
  }

  @Override
  public String name() {
    return c.name();
  }

  @Override
  public Placement output() {
    return c.output();
  }

  /** Left operand, constants, then the right operand and the residual where there are some. */
  @Override
  public List<Operand> operands() {
    List<Operand> operands = new ArrayList<>();
    if (c.dense()) {
      operands.add(Operand.Pixels.all(c.inputs(), Halo.of(c.window()), c.fill()));
    } else {
      operands.add(
          new Operand.Pixels(
              c.inputs(),
              Halo.of(c.window()),
              c.fill(),
              this::firstInputBlock,
              this::endInputBlock,
              false,
              0));
    }
    operands.add(constants);
    if (c.right() != null) {
      int pixels = c.right().tensor().w();
      int rows = c.depths() * form.depth();
      operands.add(
          new Operand.Pixels(
              List.of(c.right()), Halo.SAME, 0, b -> b, b -> b + 1, true, rows - pixels));
    }
    if (c.residual() != null) {
      operands.add(Operand.Pixels.same(c.residual(), Halo.SAME, 0));
    }
    return operands;
  }

  private int tilesBefore(int block) {
    return Math.min(block * form.tilesPerBlock(), c.tiles());
  }

  /** First block of the inputs that a block of the output needs. */
  int firstInputBlock(int block) {
    if (c.dense()) {
      return 0;
    }
    int first = Integer.MAX_VALUE;
    for (int t = tilesBefore(block); t < tilesBefore(block + 1); t++) {
      first = Math.min(first, c.firstDepth()[t]);
    }
    return first / form.depthsPerBlock();
  }

  private int endInputBlock(int block) {
    int end = 0;
    for (int t = tilesBefore(block); t < tilesBefore(block + 1); t++) {
      end = Math.max(end, c.firstDepth()[t] + c.depths());
    }
    return Math.ceilDiv(end, form.depthsPerBlock());
  }

  /** A kernel that did not fit the registers. */
  void refuse(KernelShape shape) {
    refused.add(shape);
  }

  @Override
  public List<Plan> plans(int height, int width, int blocks, MappingRule rule) {
    Tile tile = new Tile(0, 0, 0, height, width, 0, blocks);
    List<KernelShape> shapes = new ArrayList<>();
    int most = form.machine().registers().accumulator().count();
    for (PixelTile pixels :
        PixelTile.of(form.rows(), form.pieces(), form.depthWords(), form.colWords())) {
      for (int across = 1; across <= most; across++) {
        for (int beside = 1; across * beside <= most; beside++) {
          if (beside > (c.dense() ? c.tiles() : 1) || !aligned(beside)) {
            continue;
          }
          for (Innermost innermost : Innermost.values()) {
            shapes.add(
                new KernelShape(
                    form, c, slab, wayOutOperations, pixels, across, beside, innermost));
          }
        }
      }
    }
    return shapes.stream()
        .filter(s -> s.keeps(rule) && !refused.contains(s))
        .filter(s -> s.operations() <= MOST_OPERATIONS || s.across() * s.beside() == 1)
        .filter(KernelShape::fits)
        .sorted(Comparator.comparingLong(s -> s.steps(tile) + s.bundles(tile)))
        .limit(OFFERED)
        .map(s -> (Plan) new ContractionPlan(form, c, slab, s, schedules, this, spares))
        .toList();
  }

  @Override
  public @Nullable Work sparing() {
    if (!spares && sparing == null) {
      sparing = new ContractionWork(form, c, schedules, address, true);
    }
    return sparing;
  }

  private boolean aligned(int beside) {
    int tiles = form.tilesPerBlock();
    return beside % tiles == 0 || tiles % beside == 0;
  }
}
