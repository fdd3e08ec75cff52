// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.vliw.SlotKind;

/**
 * A layer of vectors of codes that know nothing of each other.
 *
 * <pre>
 * for blocks of channels, for lines (or columns) of vectors of pixels:
 *   pipelined, for columns (or lines): a vector
 * </pre>
 */
final class VectorWork implements Work {
  private static final int VISIT_STEPS = 24;
  private static final int WRITTEN_ROUNDS = 5;
  private static final int LATENCIES = 12;

  private final TileForm form;
  private final VliwArchitecture machine;
  private final String name;
  private final VectorKernel kernel;
  private final List<Operand.Pixels> inputs;
  private final Placement output;
  private final LoopSchedules schedules;
  private final long constants;
  private final byte[] constantBytes;
  private final Map<Register, Integer> fixed = new LinkedHashMap<>();
  private final Map<String, Kernel> kernels = new LinkedHashMap<>();
  private final List<Plan> plans = new ArrayList<>();

  /**
   * @param constants address of the kernel's constants
   */
  VectorWork(
      TileForm form,
      String name,
      VectorKernel kernel,
      Placement output,
      LoopSchedules schedules,
      long constants) {
    this.form = form;
    machine = form.machine();
    this.name = name;
    this.kernel = kernel;
    inputs = kernel.inputs();
    this.output = output;
    this.schedules = schedules;
    this.constants = constants;
    constantBytes = kernel.constants();
    for (int i = 0; i <= inputs.size(); i++) {
      fixed.put(pointer(i), i);
    }
    fixed.putAll(kernel.fixed());
    int pixels = Math.max(1, form.pieces() / form.blockWords());
    for (PixelTile tile : PixelTile.of(pixels, form.pieces(), form.blockWords())) {
      plans.add(new VectorPlan(tile));
    }
  }

  /** Of an input, or behind these of the output. */
  private static Register pointer(int i) {
    return new Register(File.SCALAR, i, 1);
  }

  private static int pattern(int i) {
    return i + 1;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Placement output() {
    return output;
  }

  @Override
  public List<Operand> operands() {
    List<Operand> operands = new ArrayList<>(inputs);
    if (constantBytes.length > 0) {
      operands.add(new Operand.Whole("", constants, constantBytes.length));
    }
    return operands;
  }

  @Override
  public List<Plan> plans(int height, int width, int blocks, MappingRule rule) {
    return List.copyOf(plans);
  }

  private final class VectorPlan implements Plan {
    private final PixelTile pixels;
    private final long interval;

    VectorPlan(PixelTile pixels) {
      this.pixels = pixels;
      interval = interval();
    }

    private int lines(int height) {
      return Math.ceilDiv(height, pixels.lines());
    }

    private int columns(int width) {
      return Math.ceilDiv(width, pixels.columns());
    }

    /** Vectors of a pixel, where it has several. */
    private int vectors() {
      return Math.max(1, form.blockWords() / form.pieces());
    }

    @Override
    public int roomLines(int height) {
      return lines(height) * pixels.lines();
    }

    @Override
    public int roomColumns(int width) {
      return columns(width) * pixels.columns();
    }

    /** About the interval: of slots alone, for regions of any size. */
    private long interval() {
      Region any = new Region(0, 1, 1, form.blockWords());
      List<Region> regions = new ArrayList<>();
      inputs.forEach(_ -> regions.add(any));
      long interval = 2;
      for (SlotKind kind : SlotKind.values()) {
        long count = body(regions, any, true).stream().filter(o -> o.slot() == kind).count();
        if (kind.count(machine) > 0) {
          interval = Math.max(interval, Math.ceilDiv(count, (long) kind.count(machine)));
        }
      }
      return interval;
    }

    @Override
    public long steps(Tile tile) {
      long lines = lines(tile.height());
      long columns = columns(tile.width());
      long visits = tile.blocks() * Math.min(lines, columns);
      long rounds = Math.max(lines, columns);
      return visits * (rounds * interval + VISIT_STEPS) + VISIT_STEPS;
    }

    @Override
    public long bundles(Tile tile) {
      return WRITTEN_ROUNDS * interval + LATENCIES + VISIT_STEPS;
    }

    @Override
    public boolean schedules(List<Region> operands, Region out) {
      for (boolean alongLine : new boolean[] {true, false}) {
        Optional<LoopSchedule> found = schedules.of(body(operands, out, alongLine), fixed);
        if (found.isEmpty() || found.get().period() > machine.instructionMemory()) {
          plans.clear();
          return false;
        }
      }
      return true;
    }

    @Override
    public Code begin(List<Region> operands, Region out) {
      Code code = Code.NOTHING;
      for (int i = 0; i <= inputs.size(); i++) {
        Region region = i < inputs.size() ? operands.get(i) : out;
        Halo halo = i < inputs.size() ? inputs.get(i).halo() : Halo.SAME;
        Operation set =
            pixels.pattern(
                pattern(i),
                form.pieces(),
                form.blockWords(),
                halo.strideW() * region.pixelWords(),
                halo.strideH() * region.line());
        code = code.then(Code.side(machine, SlotKind.SCALAR, List.of(set)));
      }
      return code;
    }

    @Override
    public Code compute(Tile tile, List<Region> operands, Region out) {
      int lines = lines(tile.height());
      int columns = columns(tile.width());
      boolean alongLine = columns >= lines;
      int inner = alongLine ? columns : lines;
      int outer = alongLine ? lines : columns;
      List<Operation> body = body(operands, out, alongLine);
      LoopSchedule schedule = schedules.of(body, fixed).orElseThrow();
      kernels.put(kernel.description(), schedule.kernel(name, kernel.description(), inner, 0));
      long[] innerStep = step(operands, out, !alongLine);
      long[] outerStep = step(operands, out, alongLine);
      long[] blockStep = blockStep(operands, out, tile);
      Code loop = Code.of(machine, PipelinedLoop.of(schedule, inner));
      Code plane = loop.times(machine, outer, move(outerStep, innerStep, inner));
      Code all = plane.times(machine, tile.blocks(), move(blockStep, outerStep, outer));
      Region known = constantBytes.length > 0 ? operands.getLast() : out;
      return kernel.prepare(known).then(start(operands, out)).then(all);
    }

    private Code start(List<Region> operands, Region out) {
      List<Operation> all = new ArrayList<>();
      for (int i = 0; i <= inputs.size(); i++) {
        long base = i < inputs.size() ? operands.get(i).base() : out.base();
        all.add(Operation.number(i, base));
      }
      return Code.side(machine, SlotKind.SCALAR, all);
    }

    /** Moves the pointers by {@code step}, of which {@code count} times {@code moved} is done. */
    private Code move(long[] step, long[] moved, int count) {
      List<Operation> all = new ArrayList<>();
      for (int i = 0; i < step.length; i++) {
        all.add(Operation.moved(i, step[i] - count * moved[i]));
      }
      return Code.side(machine, SlotKind.SCALAR, all);
    }

    /** Bytes that each pointer moves to the next vector below, or beside. */
    private long[] step(List<Region> operands, Region out, boolean down) {
      int lines = down ? pixels.lines() : 0;
      int columns = down ? 0 : pixels.columns();
      long[] step = new long[inputs.size() + 1];
      for (int i = 0; i < inputs.size(); i++) {
        Halo halo = inputs.get(i).halo();
        step[i] =
            operands.get(i).at(0, lines * halo.strideH(), columns * halo.strideW()) * form.word();
      }
      step[inputs.size()] = out.at(0, lines, columns) * form.word();
      return step;
    }

    private long[] blockStep(List<Region> operands, Region out, Tile tile) {
      long[] step = new long[inputs.size() + 1];
      for (int i = 0; i < inputs.size(); i++) {
        boolean own = inputs.get(i).blocks(tile) == tile.blocks() && !inputs.get(i).shared();
        step[i] = own ? (long) operands.get(i).plane() * form.word() : 0;
      }
      step[inputs.size()] = (long) out.plane() * form.word();
      return step;
    }

    private List<Operation> body(List<Region> operands, Region out, boolean alongLine) {
      Body body = new Body(form.word());
      for (int v = 0; v < vectors(); v++) {
        Register codes =
            kernel.codes(
                body,
                v,
                (b, input, line, column, vector) -> {
                  Register to = b.vector(1);
                  long at = operands.get(input).at(0, line, column);
                  at += (long) vector * form.pieces();
                  b.load(to, 0, pointer(input), at, pattern(input));
                  return to;
                });
        int output = inputs.size();
        body.store(
            codes, 0, pointer(output), (long) v * form.pieces(), pattern(output), form.pieces());
      }
      long[] step = step(operands, out, !alongLine);
      for (int i = 0; i < step.length; i++) {
        body.step(pointer(i), step[i]);
      }
      return body.operations();
    }

    @Override
    public List<Kernel> kernels() {
      return List.copyOf(kernels.values());
    }
  }
}
