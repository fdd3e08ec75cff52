// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.MappingRule.Innermost;
import lockstep.arch.vliw.VliwArchitecture;

/**
 * How a contraction's loops are unrolled, and about how long they take.
 *
 * @param wayOutOperations vector operations for each vector of sums
 * @param pixels of a left operand
 * @param across left operands side by side that share right operands
 * @param beside right operands side by side that share left operands
 * @param innermost what the rounds of the innermost loop are
 */
record KernelShape(
    TileForm form,
    Contraction c,
    Slab slab,
    int wayOutOperations,
    PixelTile pixels,
    int across,
    int beside,
    Innermost innermost) {

  private static final int VISIT_STEPS = 12;
  private static final int LATENCIES = 14;
  private static final int MOST_ROUNDS_WRITTEN = 5;

  @Override
  public boolean equals(Object other) {
    return other instanceof KernelShape s
        && s.pixels.equals(pixels)
        && s.across == across
        && s.beside == beside
        && s.innermost == innermost;
  }

  @Override
  public int hashCode() {
    return pixels.hashCode() + 31 * (across + 31 * (beside + 31 * innermost.ordinal()));
  }

  /** Whether it makes the choices of a rule. */
  boolean keeps(MappingRule rule) {
    return (rule.pixels() == null || rule.pixels() == across)
        && (rule.channels() == null || rule.channels() == beside)
        && (rule.innermost() == null || rule.innermost() == innermost);
  }

  /** The rule that makes its choices. */
  MappingRule rule() {
    return new MappingRule(c.name(), across, beside, innermost, null, null, null, null);
  }

  boolean whole() {
    return innermost == Innermost.PIXELS;
  }

  /** Depths that a round sums. */
  int roundDepths() {
    return whole() ? c.depths() : form.depthsPerBlock();
  }

  /** Lines of the window that a round sums. */
  int roundLines() {
    return innermost == Innermost.LINES ? 1 : c.window().kernelH();
  }

  /** Right operands of a round, for each output tile. */
  int roundOperands() {
    return roundDepths() * roundLines() * c.window().kernelW();
  }

  /** Blocks of depths. */
  int blocks() {
    return c.depths() / form.depthsPerBlock();
  }

  /** Rounds of a visit of the innermost loop, where they sum. */
  int rounds() {
    return innermost == Innermost.LINES ? c.window().kernelH() : blocks();
  }

  /** Visits of the innermost loop that sum all depths. */
  int visits() {
    return innermost == Innermost.LINES ? blocks() : 1;
  }

  /** Vectors of codes that a left and a right operand give. */
  int outVectors() {
    return Math.ceilDiv(form.rows() * form.cols(), form.vector());
  }

  private int multiplies() {
    return across * beside * roundOperands();
  }

  private int operandLoads() {
    VliwArchitecture m = form.machine();
    int rights = c.right() == null ? slab.operands(roundDepths(), roundLines()) : roundOperands();
    return roundOperands() * across * m.leftVectors() + rights * beside * m.rightVectors();
  }

  private int edgeLoads() {
    int residuals = c.residual() == null ? 0 : across * beside * outVectors();
    return beside * slab.sets() * 3 + residuals;
  }

  private int vectors() {
    return across * beside * form.machine().accumulatorParts() * wayOutOperations;
  }

  private int stores() {
    return across * beside * outVectors();
  }

  /** Operations of a round. */
  int operations() {
    int operations = multiplies() + operandLoads();
    return whole() ? operations + edgeLoads() + vectors() + stores() : operations;
  }

  /** Whether the machine can have such a loop. */
  boolean fits() {
    int accumulators = form.machine().registers().accumulator().count();
    boolean few = !whole() || 2 * across * beside <= accumulators || across * beside == 1;
    boolean deep = whole() || rounds() > 1;
    return few && deep && 2 * interval() + VISIT_STEPS <= form.machine().instructionMemory();
  }

  private long interval() {
    var slots = form.machine().slots();
    int loads = operandLoads() + (whole() ? edgeLoads() : 0);
    long interval = Math.ceilDiv(multiplies(), slots.matrix().count());
    interval = Math.max(interval, Math.ceilDiv(loads, slots.load().count()));
    if (whole()) {
      interval = Math.max(interval, wayOut());
    }
    return Math.max(interval, 2);
  }

  private long wayOut() {
    var slots = form.machine().slots();
    return Math.max(
        Math.ceilDiv(vectors(), Math.max(1, slots.vector().count())),
        Math.ceilDiv(stores(), slots.store().count()));
  }

  /** Lines of groups of pixels in a tile. */
  int groupLines(int height) {
    return Math.ceilDiv(height, pixels.lines());
  }

  /** Columns of groups of pixels in a tile. */
  int groupColumns(int width) {
    return Math.ceilDiv(width, across * pixels.columns());
  }

  private long groups(Tile tile) {
    return Math.ceilDiv(Math.min(c.tiles(), tile.blocks() * form.tilesPerBlock()), beside);
  }

  private long edge() {
    long loads = Math.ceilDiv(edgeLoads(), form.machine().slots().load().count());
    return Math.max(wayOut(), loads) + (long) across * beside;
  }

  /** About the bundles of a tile: loops that the machine's memory does not hold are written out. */
  long bundles(Tile tile) {
    long lines = groupLines(tile.height());
    long columns = groupColumns(tile.width());
    int memory = form.machine().instructionMemory();
    if (whole()) {
      long written = Math.min(Math.max(lines, columns), MOST_ROUNDS_WRITTEN);
      long loop = written * interval() + LATENCIES + VISIT_STEPS;
      return loop <= memory ? loop : groups(tile) * Math.min(lines, columns) * loop;
    }
    long written = Math.min(rounds(), MOST_ROUNDS_WRITTEN);
    long loop = written * interval() + edge() + 2 * LATENCIES + VISIT_STEPS;
    return loop <= memory ? loop : groups(tile) * lines * columns * loop;
  }

  /** About the steps of a tile. */
  long steps(Tile tile) {
    long lines = groupLines(tile.height());
    long columns = groupColumns(tile.width());
    if (whole()) {
      long inner = Math.max(lines, columns);
      long outer = Math.min(lines, columns);
      return groups(tile)
          * (outer * (inner * interval() + interval() / 4 + LATENCIES + VISIT_STEPS) + VISIT_STEPS);
    }
    long sums = visits() * (rounds() * interval() + LATENCIES);
    return groups(tile) * lines * columns * (sums + edge() + LATENCIES + VISIT_STEPS);
  }
}
