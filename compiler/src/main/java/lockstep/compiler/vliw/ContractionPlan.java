// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.MappingRule.Innermost;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.vliw.SlotKind;
import org.jspecify.annotations.Nullable;

/**
 * The code of a contraction's tiles.
 *
 * <pre>
 * for groups of output tiles:
 *   whole:   for lines (or columns) of groups of pixels:
 *              pipelined, for columns (or lines): all depths, way out
 *   else:    for lines, for columns:
 *              pipelined, for blocks of depths: sums;  way out, sums are 0 again
 *              (or, where a block has too many taps: for blocks, pipelined, for lines of the window)
 * </pre>
 */
final class ContractionPlan implements Work.Plan {
  private static final int LEFT_PATTERN = 1;
  private static final int OUT_PATTERN = 2;
  private static final int RIGHT_PATTERN = 3;

  private static final int ZEROS_ID = 400;
  private static final int FIRST_SUMS_ID = 300;

  private static final Register LEFT = new Register(File.SCALAR, 0, 1);
  private static final Register PARAMETERS = new Register(File.SCALAR, 1, 1);
  private static final Register RIGHT = new Register(File.SCALAR, 2, 1);
  private static final Register OUT = new Register(File.SCALAR, 3, 1);
  private static final Register RESIDUAL = new Register(File.SCALAR, 4, 1);
  private static final List<Register> POINTERS = List.of(LEFT, PARAMETERS, RIGHT, OUT, RESIDUAL);

  private final ContractionWork work;
  private final TileForm form;
  private final VliwArchitecture machine;
  private final Contraction c;
  private final Slab slab;
  private final KernelShape shape;
  private final LoopSchedules schedules;
  private final boolean spares;
  private final WayOut wayOut;
  private final Map<Register, Integer> fixed = new LinkedHashMap<>();
  private final Register zeros;
  private final Map<String, Kernel> kernels = new LinkedHashMap<>();

  /**
   * @param spares whether results are computed one vector of sums after the other, in rounds that
   *     do not overlap, which takes the fewest registers
   */
  ContractionPlan(
      TileForm form,
      Contraction c,
      Slab slab,
      KernelShape shape,
      LoopSchedules schedules,
      ContractionWork work,
      boolean spares) {
    this.form = form;
    this.spares = spares;
    this.work = work;
    this.c = c;
    this.slab = slab;
    this.shape = shape;
    this.schedules = schedules;
    machine = form.machine();
    wayOut = new WayOut(c.out(), c.zero());
    for (Register pointer : POINTERS) {
      fixed.put(pointer, pointer.id());
    }
    fixed.putAll(wayOut.fixed(machine.registers().vector().count()));
    zeros =
        new Register(
            File.VECTOR, ZEROS_ID, Math.max(machine.leftVectors(), machine.rightVectors()));
    if (!shape.whole()) {
      fixed.put(zeros, Math.max(0, firstConstant() - zeros.size()));
      for (int i = 0; i < shape.across() * shape.beside(); i++) {
        fixed.put(sums(i), i);
      }
    }
  }

  private int firstConstant() {
    return fixed.entrySet().stream()
        .filter(e -> e.getKey().file() == File.VECTOR)
        .mapToInt(Map.Entry::getValue)
        .min()
        .orElse(machine.registers().vector().count());
  }

  private static Register sums(int i) {
    return new Register(File.ACCUMULATOR, FIRST_SUMS_ID + i, 1);
  }

  @Override
  public MappingRule unrolled(MappingRule rule) {
    return shape.rule().over(rule);
  }

  @Override
  public int roomLines(int height) {
    // vectors of a residual are loaded whole, though the last may have more pixels than are wanted
    int pixels = Math.ceilDiv(shape.outVectors() * form.pieces(), form.colWords());
    int reached = Math.ceilDiv(pixels, shape.pixels().columns());
    int beyond = Math.max(0, reached - shape.pixels().lines());
    return shape.groupLines(height) * shape.pixels().lines() + beyond;
  }

  @Override
  public int roomColumns(int width) {
    return shape.groupColumns(width) * shape.across() * shape.pixels().columns();
  }

  @Override
  public long steps(Tile tile) {
    return shape.steps(tile);
  }

  @Override
  public long bundles(Tile tile) {
    return shape.bundles(tile);
  }

  @Override
  public boolean schedules(List<Region> operands, Region output) {
    List<List<Operation>> bodies = new ArrayList<>();
    int groups = c.tiles();
    int rest = groups % shape.beside();
    for (int beside : new int[] {Math.min(groups, shape.beside()), rest}) {
      if (beside > 0) {
        Bodies b = new Bodies(operands, output, beside);
        if (shape.whole()) {
          bodies.add(b.whole(true));
          bodies.add(b.whole(false));
        } else {
          bodies.add(b.depths());
          bodies.add(b.edge());
        }
      }
    }
    for (List<Operation> body : bodies) {
      Optional<LoopSchedule> found = schedule(body);
      if (found.isEmpty() || found.get().period() > machine.instructionMemory()) {
        work.refuse(shape);
        return false;
      }
    }
    return true;
  }

  @Override
  public Code begin(List<Region> operands, Region output) {
    Region in = operands.getFirst();
    var window = c.window();
    List<Code> patterns = new ArrayList<>();
    patterns.add(
        one(
            shape
                .pixels()
                .pattern(
                    LEFT_PATTERN,
                    form.pieces(),
                    form.depthWords(),
                    window.strideW() * in.pixelWords(),
                    window.strideH() * in.line())));
    patterns.add(
        one(
            shape
                .pixels()
                .pattern(
                    OUT_PATTERN,
                    form.pieces(),
                    form.colWords(),
                    output.pixelWords(),
                    output.line())));
    if (c.right() != null) {
      patterns.add(
          one(
              new PixelTile(1, form.depth())
                  .pattern(
                      RIGHT_PATTERN,
                      form.pieces(),
                      form.colWords(),
                      form.blockWords(),
                      form.blockWords())));
    }
    Code code = patterns.stream().reduce(Code.NOTHING, Code::then);
    List<Operation> splats = new ArrayList<>(wayOut.splats(fixed));
    if (!shape.whole()) {
      for (int i = 0; i < zeros.size(); i++) {
        splats.add(WayOut.splat(number(zeros) + i, 0));
      }
    }
    code = code.then(Code.side(machine, SlotKind.VECTOR, splats));
    if (!shape.whole()) {
      Body body = new Body(form.word());
      for (int i = 0; i < shape.across() * shape.beside(); i++) {
        body.multiply(sums(i), zeros, zeros, false);
      }
      code = code.then(loop(body.operations(), 1));
    }
    return code;
  }

  private int number(Register register) {
    return fixed.getOrDefault(register, 0);
  }

  private Code one(Operation operation) {
    return Code.side(machine, operation.slot(), List.of(operation));
  }

  private Optional<LoopSchedule> schedule(List<Operation> body) {
    boolean wayOut = body.stream().anyMatch(o -> o.slot() == SlotKind.STORE);
    return spares && wayOut ? schedules.once(body, fixed) : schedules.of(body, fixed);
  }

  private Code loop(List<Operation> operations, long rounds) {
    return Code.of(machine, PipelinedLoop.of(schedule(operations).orElseThrow(), rounds));
  }

  @Override
  public List<Kernel> kernels() {
    return List.copyOf(kernels.values());
  }

  @Override
  public Code compute(Tile tile, List<Region> operands, Region output) {
    int firstTile = tile.firstBlock() * form.tilesPerBlock();
    int endTile = Math.min(c.tiles(), (tile.firstBlock() + tile.blocks()) * form.tilesPerBlock());
    Code all = Code.NOTHING;
    int t = firstTile;
    while (t < endTile) {
      int beside = Math.min(shape.beside(), endTile - t);
      long[] start = pointers(tile, operands, output, t);
      long[] delta = new long[start.length];
      int count = 1;
      while (t + (count + 1) * beside <= endTile) {
        long[] next = pointers(tile, operands, output, t + count * beside);
        long[] from = pointers(tile, operands, output, t + (count - 1) * beside);
        long[] step = new long[start.length];
        for (int i = 0; i < step.length; i++) {
          step[i] = next[i] - from[i];
        }
        if (count == 1) {
          delta = step;
        } else if (!Arrays.equals(step, delta)) {
          break;
        }
        count++;
      }
      long[] moved = new long[start.length];
      Code round = pixels(tile, operands, output, beside, moved);
      all = all.then(set(start)).then(round.times(machine, count, move(delta, moved)));
      t += count * beside;
    }
    return all;
  }

  /** Where the pointers are for a group of tiles. */
  private long[] pointers(Tile tile, List<Region> operands, Region output, int t) {
    int word = form.word();
    int per = form.tilesPerBlock();
    int block = t / per - tile.firstBlock();
    long beside = (long) t % per * form.colWords();
    Region in = operands.getFirst();
    int firstIn = work.firstInputBlock(tile.firstBlock());
    long parameters =
        operands.get(1).base() + (long) (t - tile.firstBlock() * per) * slab.tileBytes();
    long right =
        c.right() == null
            ? parameters + slab.parameterBytes()
            : operands.get(2).base() + (operands.get(2).at(block, 0, 0) + beside) * word;
    Region residual = c.residual() == null ? output : operands.getLast();
    return new long[] {
      in.base() + in.at(c.firstDepth()[t] / form.depthsPerBlock() - firstIn, 0, 0) * word,
      parameters,
      right,
      output.base() + (output.at(block, 0, 0) + beside) * word,
      residual.base() + (residual.at(block, 0, 0) + beside) * word
    };
  }

  private Code set(long[] values) {
    List<Operation> all = new ArrayList<>();
    for (Register pointer : POINTERS) {
      if (pointer != RESIDUAL || c.residual() != null) {
        all.add(Operation.number(pointer.id(), values[pointer.id()]));
      }
    }
    return Code.side(machine, SlotKind.SCALAR, all);
  }

  /** Moves the pointers to {@code delta} from where a round began, {@code moved} since. */
  private Code move(long[] delta, long[] moved) {
    List<Operation> all = new ArrayList<>();
    for (Register pointer : POINTERS) {
      int i = pointer.id();
      boolean used = pointer != RESIDUAL || c.residual() != null;
      if (used && delta[i] != moved[i]) {
        all.add(Operation.moved(i, delta[i] - moved[i]));
      }
    }
    return Code.side(machine, SlotKind.SCALAR, all);
  }

  /** All pixels of a group of tiles; adds to {@code moved} what the pointers move. */
  private Code pixels(Tile tile, List<Region> operands, Region output, int beside, long[] moved) {
    Bodies bodies = new Bodies(operands, output, beside);
    int lines = shape.groupLines(tile.height());
    int columns = shape.groupColumns(tile.width());
    long[] line = bodies.step(true);
    long[] column = bodies.step(false);
    if (shape.whole()) {
      boolean alongLine = columns >= lines;
      List<Operation> body = bodies.whole(alongLine);
      int inner = alongLine ? columns : lines;
      int outer = alongLine ? lines : columns;
      long[] innerStep = alongLine ? column : line;
      long[] outerStep = alongLine ? line : column;
      Code loop = loop(body, inner);
      note(body, "all depths", beside, inner);
      Code all = loop.times(machine, outer, move(outerStep, times(innerStep, inner)));
      add(moved, times(outerStep, outer));
      return all;
    }
    List<Operation> depths = bodies.depths();
    List<Operation> edge = bodies.edge();
    note(depths, "depths", beside, shape.rounds());
    note(edge, "way out", beside, 1);
    long[] visited = times(bodies.roundStep(), shape.rounds());
    Code sums = loop(depths, shape.rounds());
    if (shape.visits() > 1) {
      long[] block = visited.clone();
      block[LEFT.id()] = bodies.blockStep();
      if (slab.shared()) {
        block[RIGHT.id()] = (long) form.depthsPerBlock() * slab.operandBytes();
      }
      sums = sums.times(machine, shape.visits(), move(block, visited));
      visited = times(block, shape.visits());
    }
    Code one = sums.then(loop(edge, 1));
    long[] summed = visited;
    Code row = one.times(machine, columns, move(column, summed));
    Code all = row.times(machine, lines, move(line, times(column, columns)));
    add(moved, times(line, lines));
    return all;
  }

  private static long[] times(long[] step, long count) {
    long[] all = new long[step.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = step[i] * count;
    }
    return all;
  }

  private static void add(long[] to, long[] more) {
    for (int i = 0; i < to.length; i++) {
      to[i] += more[i];
    }
  }

  private void note(List<Operation> body, String what, int beside, long rounds) {
    LoopSchedule s = schedule(body).orElseThrow();
    String name =
        "%s, %dx%d operands of %dx%d pixels"
            .formatted(
                what, shape.across(), beside, shape.pixels().lines(), shape.pixels().columns());
    int multiplies = (int) body.stream().filter(o -> o.slot() == SlotKind.MATRIX).count();
    kernels.put(name, s.kernel(c.name(), name, rounds, multiplies));
  }

  /** The bodies of loops, for a number of right operands side by side. */
  private final class Bodies {
    private final Region in;
    private final @Nullable Region right;
    private final Region out;
    private final int beside;

    Bodies(List<Region> operands, Region output, int beside) {
      in = operands.getFirst();
      right = c.right() == null ? null : operands.get(2);
      out = output;
      this.beside = beside;
    }

    /** Bytes from a group of pixels to the next below, or beside. */
    long[] step(boolean down) {
      int lines = down ? shape.pixels().lines() : 0;
      int columns = down ? 0 : shape.across() * shape.pixels().columns();
      long left = in.at(0, lines * c.window().strideH(), columns * c.window().strideW());
      long result = out.at(0, lines, columns);
      return new long[] {left * form.word(), 0, 0, result * form.word(), result * form.word()};
    }

    /** Bytes of the input from a block of depths to the next. */
    long blockStep() {
      return (long) in.plane() * form.word();
    }

    /** Bytes from a round that sums to the next. */
    long[] roundStep() {
      boolean stays = slab.shared() && shape.innermost() == Innermost.LINES;
      int operands = stays ? 0 : slab.operands(shape.roundDepths(), shape.roundLines());
      long weights = (long) operands * slab.operandBytes();
      if (right != null) {
        weights = (long) form.block() * form.blockWords() * form.word();
      }
      long left =
          shape.innermost() == Innermost.LINES
              ? in.at(0, c.window().dilationH(), 0) * form.word()
              : blockStep();
      return new long[] {left, 0, weights, 0, 0};
    }

    /** All of a group of pixels, and the way to the next. */
    List<Operation> whole(boolean alongLine) {
      Body body = new Body(form.word());
      Register[] sums = new Register[shape.across() * beside];
      for (int i = 0; i < sums.length; i++) {
        sums[i] = body.accumulator();
      }
      products(body, sums, true);
      results(body, sums);
      long[] step = step(!alongLine);
      body.step(LEFT, step[LEFT.id()]);
      body.step(OUT, step[OUT.id()]);
      if (c.residual() != null) {
        body.step(RESIDUAL, step[RESIDUAL.id()]);
      }
      return body.operations();
    }

    /** A round that sums. */
    List<Operation> depths() {
      Body body = new Body(form.word());
      products(body, standing(), false);
      long[] step = roundStep();
      body.step(LEFT, step[LEFT.id()]);
      body.step(RIGHT, step[RIGHT.id()]);
      return body.operations();
    }

    /** Results of sums that stand, which are 0 behind it. */
    List<Operation> edge() {
      Body body = new Body(form.word());
      Register[] sums = standing();
      results(body, sums);
      for (Register each : sums) {
        body.multiply(each, zeros, zeros, false);
      }
      return body.operations();
    }

    private Register[] standing() {
      Register[] sums = new Register[shape.across() * beside];
      for (int i = 0; i < sums.length; i++) {
        sums[i] = sums(i);
      }
      return sums;
    }

    /**
     * @param overwrites whether the first product overwrites the sums
     */
    private void products(Body body, Register[] sums, boolean overwrites) {
      int per = form.depthsPerBlock();
      Register[][] rights = new Register[shape.roundDepths()][beside];
      int k = 0;
      for (int block = 0; block < shape.roundDepths(); block += per) {
        for (int fy = 0; fy < shape.roundLines(); fy++) {
          for (int d = block; d < block + per; d++) {
            for (int fx = 0; fx < c.window().kernelW(); fx++) {
              Register[] lefts = lefts(body, d, fy, fx);
              for (int j = 0; j < beside; j++) {
                if (rights[d][j] == null || !slab.shared()) {
                  rights[d][j] = right(body, d, slab.shared() ? d : k, j);
                }
                for (int i = 0; i < lefts.length; i++) {
                  body.multiply(sums[i * beside + j], lefts[i], rights[d][j], !overwrites || k > 0);
                }
              }
              k++;
            }
          }
        }
      }
    }

    private Register[] lefts(Body body, int depth, int fy, int fx) {
      Register[] lefts = new Register[shape.across()];
      for (int i = 0; i < lefts.length; i++) {
        lefts[i] = left(body, depth, fy * c.window().dilationH(), fx * c.window().dilationW(), i);
      }
      return lefts;
    }

    /** Right operand {@code j} of those side by side, the {@code k}-th of its tile if constant. */
    private Register right(Body body, int depth, int k, int j) {
      return right == null ? constant(body, k, j) : computed(body, right, depth, j);
    }

    private Register left(Body body, int depth, int line, int column, int group) {
      Register to = body.vector(machine.leftVectors());
      int words = form.depthWords();
      int per = form.depthsPerBlock();
      for (int v = 0; v < to.size(); v++) {
        int first = v * form.pieces();
        int pixel = first / words;
        long at =
            in.at(
                depth / per,
                line + shape.pixels().line(pixel) * c.window().strideH(),
                column
                    + (shape.pixels().column(pixel) + group * shape.pixels().columns())
                        * c.window().strideW());
        at += (long) depth % per * words + first % words;
        body.load(to, v, LEFT, at, LEFT_PATTERN);
      }
      return to;
    }

    private Register constant(Body body, int k, int j) {
      Register to = body.vector(machine.rightVectors());
      for (int v = 0; v < to.size(); v++) {
        long bytes =
            (long) j * slab.tileBytes() + (long) k * slab.operandBytes() + v * form.vector();
        body.load(to, v, RIGHT, bytes / form.word(), 0);
      }
      return to;
    }

    private Register computed(Body body, Region from, int depth, int j) {
      Register to = body.vector(machine.rightVectors());
      int words = form.colWords();
      for (int v = 0; v < to.size(); v++) {
        int first = v * form.pieces();
        long at = from.at(0, 0, depth * form.depth() + first / words) + first % words;
        body.load(to, v, RIGHT, at + tileWords(from, j), RIGHT_PATTERN);
      }
      return to;
    }

    /** Words from a tile of channels to the {@code j}-th behind it. */
    private long tileWords(Region region, int j) {
      int per = form.tilesPerBlock();
      return region.at(j / per, 0, 0) + (long) j % per * form.colWords();
    }

    private void results(Body body, Register[] sums) {
      int sets = slab.sets();
      int parts = machine.accumulatorParts();
      int words = form.colWords();
      for (int j = 0; j < beside; j++) {
        Register[] parameters = new Register[sets];
        for (int s = 0; s < sets; s++) {
          parameters[s] = body.lasting(3);
          for (int what = 0; what < 3; what++) {
            long bytes = (long) j * slab.tileBytes() + (s * 3L + what) * form.vector();
            body.load(parameters[s], what, PARAMETERS, bytes / form.word(), 0);
          }
        }
        for (int i = 0; i < shape.across(); i++) {
          for (int v = 0; v < shape.outVectors(); v++) {
            int first = v * form.pieces();
            int pixel = first / words;
            long at =
                out.at(
                        0,
                        shape.pixels().line(pixel),
                        shape.pixels().column(pixel) + i * shape.pixels().columns())
                    + first % words
                    + tileWords(out, j);
            Register residual = null;
            if (c.residual() != null) {
              residual = body.lasting(1);
              body.load(residual, 0, RESIDUAL, at, OUT_PATTERN);
            }
            Register codes = body.lasting(1);
            int quarters = Math.min(4, parts - 4 * v);
            for (int q = 0; q < quarters; q++) {
              int part = 4 * v + q;
              if (spares) {
                body.turn();
              }
              wayOut.codes(
                  body, codes, q, sums[i * beside + j], part, parameters[part % sets], residual);
            }
            int pieces = quarters * machine.lanes() / form.word();
            body.store(codes, 0, OUT, at, OUT_PATTERN, pieces);
          }
        }
      }
    }
  }
}
