// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import lockstep.arch.vliw.VliwArchitecture;

/**
 * How a contraction's loops are unrolled, and about how long they take.
 *
 * @param pixels of a left operand
 * @param across left operands side by side that share right operands
 * @param beside right operands side by side that share left operands
 * @param whole whether a round sums all depths, and rounds are pixels; else rounds are depths
 */
record KernelShape(
    TileForm form,
    Contraction c,
    Slab slab,
    PixelTile pixels,
    int across,
    int beside,
    boolean whole) {

  private static final int VISIT_STEPS = 12;
  private static final int LATENCIES = 14;

  @Override
  public boolean equals(Object other) {
    return other instanceof KernelShape s
        && s.pixels.equals(pixels)
        && s.across == across
        && s.beside == beside
        && s.whole == whole;
  }

  @Override
  public int hashCode() {
    return pixels.hashCode() + 31 * (across + 31 * (beside + (whole ? 31 : 0)));
  }

  /** Depths of a round where rounds are depths: those of a block. */
  int roundDepths() {
    return whole ? c.depths() : form.depthsPerBlock();
  }

  /** Rounds that sum all depths. */
  int rounds() {
    return c.depths() / roundDepths();
  }

  /** Vectors of codes that a left and a right operand give. */
  int outVectors() {
    return Math.ceilDiv(form.rows() * form.cols(), form.vector());
  }

  private int multiplies() {
    return across * beside * roundDepths() * c.taps();
  }

  private int operandLoads() {
    VliwArchitecture m = form.machine();
    return roundDepths() * c.taps() * (across * m.leftVectors() + beside * m.rightVectors());
  }

  private int edgeLoads() {
    int residuals = c.residual() == null ? 0 : across * beside * outVectors();
    return beside * slab.sets() * 3 + residuals;
  }

  private int vectors() {
    int operations = new WayOut(c.out(), c.zero()).operations();
    return across * beside * form.machine().accumulatorParts() * operations;
  }

  private int stores() {
    return across * beside * outVectors();
  }

  /** Operations of a round. */
  int operations() {
    int operations = multiplies() + operandLoads();
    return whole ? operations + edgeLoads() + vectors() + stores() : operations;
  }

  /** Whether the machine can have such a loop. */
  boolean fits() {
    int accumulators = form.machine().registers().accumulator().count();
    boolean few = !whole || 2 * across * beside <= accumulators || across * beside == 1;
    boolean deep = whole || rounds() > 1;
    return few && deep && 2 * interval() + VISIT_STEPS <= form.machine().instructionMemory();
  }

  private long interval() {
    var slots = form.machine().slots();
    int loads = operandLoads() + (whole ? edgeLoads() : 0);
    long interval = Math.ceilDiv(multiplies(), slots.matrix().count());
    interval = Math.max(interval, Math.ceilDiv(loads, slots.load().count()));
    if (whole) {
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

  /** About the steps of a tile. */
  long steps(Tile tile) {
    long lines = groupLines(tile.height());
    long columns = groupColumns(tile.width());
    long groups = Math.ceilDiv(Math.min(c.tiles(), tile.blocks() * form.tilesPerBlock()), beside);
    if (whole) {
      long inner = Math.max(lines, columns);
      long outer = Math.min(lines, columns);
      return groups * (outer * (inner * interval() + LATENCIES + VISIT_STEPS) + VISIT_STEPS);
    }
    long edge =
        Math.max(wayOut(), Math.ceilDiv(edgeLoads(), form.machine().slots().load().count()));
    edge += (long) across * beside;
    long one = rounds() * interval() + edge + 2 * LATENCIES + VISIT_STEPS;
    return groups * lines * columns * one;
  }
}
