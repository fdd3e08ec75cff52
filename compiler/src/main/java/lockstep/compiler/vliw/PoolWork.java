// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.vliw.SlotKind;

/** The greatest codes of windows, a vector of pixels at a time. */
final class PoolWork implements Work {
  private static final int IN_PATTERN = 1;
  private static final int OUT_PATTERN = 2;
  private static final Register IN = new Register(File.SCALAR, 0, 1);
  private static final Register OUT = new Register(File.SCALAR, 1, 1);
  private static final Map<Register, Integer> FIXED = Map.of(IN, 0, OUT, 1);
  private static final int VISIT_STEPS = 24;
  private static final int WRITTEN_ROUNDS = 5;

  private final TileForm form;
  private final VliwArchitecture machine;
  private final String name;
  private final Placement input;
  private final Window window;
  private final Placement output;
  private final LoopSchedules schedules;
  private final Map<String, Kernel> kernels = new LinkedHashMap<>();

  PoolWork(
      TileForm form,
      String name,
      Placement input,
      Window window,
      Placement output,
      LoopSchedules schedules) {
    this.form = form;
    machine = form.machine();
    this.name = name;
    this.input = input;
    this.window = window;
    this.output = output;
    this.schedules = schedules;
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
    return List.of(Operand.Pixels.same(input, Halo.of(window), Byte.MIN_VALUE));
  }

  @Override
  public List<Plan> plans(int height, int width, int blocks) {
    int pixels = Math.max(1, form.pieces() / form.blockWords());
    List<Plan> plans = new ArrayList<>();
    for (PixelTile tile : PixelTile.of(pixels, form.pieces(), form.blockWords())) {
      plans.add(new PoolPlan(tile));
    }
    return plans;
  }

  private final class PoolPlan implements Plan {
    private final PixelTile pixels;

    PoolPlan(PixelTile pixels) {
      this.pixels = pixels;
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

    @Override
    public long steps(Tile tile) {
      long taps = (long) window.kernelH() * window.kernelW() * vectors();
      var slots = machine.slots();
      long interval =
          Math.max(
              2,
              Math.max(
                  Math.ceilDiv(taps, (long) slots.load().count()),
                  Math.ceilDiv(taps, (long) slots.vector().count())));
      long lines = lines(tile.height());
      long columns = columns(tile.width());
      long visits = tile.blocks() * Math.min(lines, columns);
      return visits * (Math.max(lines, columns) * interval + VISIT_STEPS);
    }

    @Override
    public long bundles(Tile tile) {
      return WRITTEN_ROUNDS * (long) window.kernelH() * window.kernelW() * vectors() + VISIT_STEPS;
    }

    @Override
    public boolean schedules(List<Region> operands, Region output) {
      return schedules.of(body(operands.getFirst(), output, true), FIXED).isPresent()
          && schedules.of(body(operands.getFirst(), output, false), FIXED).isPresent();
    }

    @Override
    public Code begin(List<Region> operands, Region out) {
      Region in = operands.getFirst();
      Operation load =
          pixels.pattern(
              IN_PATTERN,
              form.pieces(),
              form.blockWords(),
              window.strideW() * in.pixelWords(),
              window.strideH() * in.line());
      Operation store =
          pixels.pattern(
              OUT_PATTERN, form.pieces(), form.blockWords(), out.pixelWords(), out.line());
      return Code.side(machine, SlotKind.SCALAR, List.of(load))
          .then(Code.side(machine, SlotKind.SCALAR, List.of(store)));
    }

    @Override
    public Code compute(Tile tile, List<Region> operands, Region out) {
      Region in = operands.getFirst();
      int lines = lines(tile.height());
      int columns = columns(tile.width());
      boolean alongLine = columns >= lines;
      List<Operation> body = body(in, out, alongLine);
      int inner = alongLine ? columns : lines;
      int outer = alongLine ? lines : columns;
      LoopSchedule schedule = schedules.of(body, FIXED).orElseThrow();
      String what = "greatest of %dx%d pixels".formatted(window.kernelH(), window.kernelW());
      kernels.put(what, schedule.kernel(name, what, inner, 0));
      Code loop = Code.of(machine, PipelinedLoop.of(schedule, inner));
      long[] innerStep = step(in, out, !alongLine);
      long[] outerStep = step(in, out, alongLine);
      Code plane =
          loop.times(
              machine,
              outer,
              move(outerStep[0] - inner * innerStep[0], outerStep[1] - inner * innerStep[1]));
      Code start =
          Code.side(
              machine,
              SlotKind.SCALAR,
              List.of(
                  new Operation(
                      SlotKind.SCALAR, "li", Map.of("to", 0L, "value", in.base()), List.of()),
                  new Operation(
                      SlotKind.SCALAR, "li", Map.of("to", 1L, "value", out.base()), List.of())));
      return start.then(
          plane.times(
              machine,
              tile.blocks(),
              move(
                  (long) in.plane() * form.word() - outer * outerStep[0],
                  (long) out.plane() * form.word() - outer * outerStep[1])));
    }

    private Code move(long in, long out) {
      return Code.side(machine, SlotKind.SCALAR, List.of(addition(0, in), addition(1, out)));
    }

    private static Operation addition(long register, long value) {
      return new Operation(
          SlotKind.SCALAR,
          "addi",
          Map.of("to", register, "a", register, "value", (long) (int) value),
          List.of());
    }

    private long[] step(Region in, Region out, boolean down) {
      int lines = down ? pixels.lines() : 0;
      int columns = down ? 0 : pixels.columns();
      return new long[] {
        in.at(0, lines * window.strideH(), columns * window.strideW()) * form.word(),
        out.at(0, lines, columns) * form.word()
      };
    }

    private List<Operation> body(Region in, Region out, boolean alongLine) {
      Body body = new Body(form.word());
      for (int v = 0; v < vectors(); v++) {
        Register greatest = null;
        for (int fy = 0; fy < window.kernelH(); fy++) {
          for (int fx = 0; fx < window.kernelW(); fx++) {
            Register tap = body.vector(1);
            long at = in.at(0, fy * window.dilationH(), fx * window.dilationW());
            body.load(tap, 0, IN, at + (long) v * form.pieces(), IN_PATTERN);
            greatest = greatest == null ? tap : body.lanes("greater", greatest, tap);
          }
        }
        if (greatest != null) {
          body.store(greatest, 0, OUT, (long) v * form.pieces(), OUT_PATTERN, form.pieces());
        }
      }
      long[] step = step(in, out, !alongLine);
      body.step(IN, step[0]);
      body.step(OUT, step[1]);
      return body.operations();
    }

    @Override
    public List<Kernel> kernels() {
      return List.copyOf(kernels.values());
    }
  }
}
