// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.compiler.vliw.Register.File;
import lockstep.compiler.vliw.RowForm.Codes;
import lockstep.isa.vliw.SlotKind;

/**
 * A layer of rows, each of which is passed over three times.
 *
 * <pre>
 * for blocks of channels, for lines, some at a time          across channels: for pixels
 *   two times: pipelined, for vectors of the rows: statistics;  once: their last blocks, and what
 *     follows from the statistics
 *   pipelined, for vectors of the rows: codes;  once: those of the last blocks
 * </pre>
 *
 * <p>Blocks behind the whole vectors of a row are each repeated to a vector of their own, so that
 * nothing behind the row is read or written.
 */
final class RowWork implements Work {
  private static final int[] AT_A_TIME = {2, 1};
  private static final int IN_PATTERN = 1;
  private static final int LAST_PATTERN = 2;
  private static final Register IN = new Register(File.SCALAR, 0, 1);
  private static final Register OUT = new Register(File.SCALAR, 1, 1);
  private static final Register CONSTANTS = new Register(File.SCALAR, 2, 1);
  private static final Register PARAMETERS = new Register(File.SCALAR, 3, 1);
  private static final List<Register> POINTERS = List.of(IN, OUT, CONSTANTS, PARAMETERS);

  private final TileForm form;
  private final VliwArchitecture machine;
  private final String name;
  private final RowForm rows;
  private final RowKernel kernel;
  private final Placement input;
  private final Placement output;
  private final LoopSchedules schedules;
  private final RowConstants layout;
  private final byte[] constantBytes;
  private final long constants;
  private final List<RowPlan> plans = new ArrayList<>();

  /**
   * @param constants address of {@link RowConstants}
   */
  RowWork(
      TileForm form,
      String name,
      RowForm rows,
      RowKernel kernel,
      Placement input,
      Placement output,
      LoopSchedules schedules,
      long constants) {
    this.form = form;
    machine = form.machine();
    this.name = name;
    this.rows = rows;
    this.kernel = kernel;
    this.input = input;
    this.output = output;
    this.schedules = schedules;
    this.constants = constants;
    layout = new RowConstants(rows, kernel);
    constantBytes = layout.bytes();
    int lines = rows.across() ? output.tensor().w() : output.tensor().h();
    for (int count : AT_A_TIME) {
      offer(lines, count, false);
    }
    if (plans.isEmpty()) {
      offer(lines, 1, true);
    }
  }

  private void offer(int lines, int count, boolean frugal) {
    RowPlan plan = new RowPlan(count, frugal);
    if (count <= lines && plan.possible()) {
      plans.add(plan);
    }
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
    return List.of(
        Operand.Pixels.same(input, Halo.SAME, 0),
        new Operand.Whole("", constants, constantBytes.length));
  }

  @Override
  public List<Plan> plans(int height, int width, int blocks, MappingRule rule) {
    boolean whole =
        rows.across() ? blocks == form.blocks(output.tensor().c()) : width == output.tensor().w();
    return whole ? List.copyOf(plans) : List.of();
  }

  /** The code of some rows. */
  private record Visit(Code code, long steps) {
    static final Visit NOTHING = new Visit(Code.NOTHING, 0);

    Visit then(Code next) {
      return new Visit(code.then(next), steps + next.bundles().size());
    }

    Visit then(Code loop, long itsSteps) {
      return new Visit(code.then(loop), steps + itsSteps);
    }
  }

  private final class RowPlan implements Plan {
    private final int count;
    private final boolean frugal;
    private final RowKernel.Rows operations;
    private final Map<Register, Integer> fixed = new LinkedHashMap<>();
    private final Map<String, Kernel> kernels = new LinkedHashMap<>();
    private final long steps;
    private final long bundles;

    /**
     * @param frugal whether code takes as few registers as it can, and rounds need not overlap
     */
    RowPlan(int count, boolean frugal) {
      this.count = count;
      this.frugal = frugal;
      operations = kernel.rows(count);
      for (Register pointer : POINTERS) {
        fixed.put(pointer, pointer.id());
      }
      fixed.putAll(operations.fixed());
      Region any = new Region(0, count, count, form.blockWords());
      Optional<Visit> visit = operations.fixed().isEmpty() ? Optional.empty() : visit(any, any);
      steps = visit.map(Visit::steps).orElse(-1L);
      bundles = visit.map(v -> (long) v.code().bundles().size()).orElse(-1L);
    }

    /** Whether the machine has room for its values, and for its code if it is not the least. */
    boolean possible() {
      return steps >= 0 && (count == 1 || bundles + 8 <= machine.instructionMemory());
    }

    @Override
    public int roomLines(int height) {
      return rows.across() ? height : Math.ceilDiv(height, count) * count;
    }

    /** Across channels an odd number, so that blocks of a pixel are in different banks. */
    @Override
    public int roomColumns(int width) {
      int columns = Math.ceilDiv(width, count) * count;
      return rows.across() ? columns | 1 : width;
    }

    private int visits(Tile tile) {
      return Math.ceilDiv(rows.across() ? tile.width() : tile.height(), count);
    }

    private int planes(Tile tile) {
      return rows.across() ? tile.height() : tile.blocks();
    }

    @Override
    public long steps(Tile tile) {
      return (long) planes(tile) * visits(tile) * steps;
    }

    @Override
    public long bundles(Tile tile) {
      return bundles;
    }

    @Override
    public boolean schedules(List<Region> operands, Region out) {
      boolean found = visit(operands.getFirst(), out).isPresent();
      if (!found) {
        plans.remove(this);
      }
      return found;
    }

    @Override
    public Code begin(List<Region> operands, Region out) {
      return pattern(IN_PATTERN, along(operands.getFirst())).then(pattern(LAST_PATTERN, 0));
    }

    private Code pattern(int number, int step) {
      Map<String, Long> fields =
          Map.of(
              "pattern",
              (long) number,
              "inner",
              (long) form.blockWords(),
              "inner_step",
              1L,
              "outer_step",
              (long) step);
      return Code.side(
          machine,
          SlotKind.SCALAR,
          List.of(new Operation(SlotKind.SCALAR, "pattern", fields, List.of())));
    }

    /** Words from a block of a row to the next. */
    private int along(Region region) {
      return rows.across() ? region.plane() : region.pixelWords();
    }

    /** Words from a row to the next. */
    private int beside(Region region) {
      return rows.across() ? region.pixelWords() : region.line();
    }

    @Override
    public Code compute(Tile tile, List<Region> operands, Region out) {
      Region in = operands.getFirst();
      Visit visit = visit(in, out).orElseThrow();
      int visits = visits(tile);
      long word = form.word();
      long round = (long) rows.blocks() * word;
      long[] done = {
        rows.rounds() * round * along(in), rows.rounds() * round * along(out), parameterBytes()
      };
      long[] next = {count * word * beside(in), count * word * beside(out), 0};
      long[] plane = {
        word * (rows.across() ? in.line() : in.plane()),
        word * (rows.across() ? out.line() : out.plane()),
        0
      };
      Code line = visit.code().times(machine, visits, move(next, done, 1));
      Code all = line.times(machine, planes(tile), move(plane, next, visits));
      boolean first = tile.image() + tile.y() + tile.x() + tile.firstBlock() == 0;
      return start(operands, out).then(first ? tables() : Code.NOTHING).then(all);
    }

    /** Bytes of the parameters of the whole vectors. */
    private long parameterBytes() {
      long places = (long) rows.rounds() * rows.quarters().size();
      return places * kernel.parameters().size() * form.vector();
    }

    private Code start(List<Region> operands, Region out) {
      long known = operands.getLast().base();
      long[] values = {
        operands.getFirst().base(),
        out.base(),
        known,
        known + (long) layout.parameters() * form.vector()
      };
      List<Operation> all = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        all.add(Operation.number(i, values[i]));
      }
      return Code.side(machine, SlotKind.SCALAR, all)
          .then(Code.side(machine, SlotKind.VECTOR, operations.known()));
    }

    private Code tables() {
      Body body = new Body(form.word());
      for (int table = 0; table < kernel.tables().size(); table++) {
        for (int part = 0; part < layout.tableVectors(); part++) {
          Register entries = body.vector(1);
          long vector = layout.table(table) + part;
          body.load(entries, 0, CONSTANTS, vector * form.pieces(), 0);
          body.add(
              new Operation(
                  SlotKind.SPECIAL,
                  "fill",
                  Map.of("table", (long) table, "part", (long) part),
                  List.of(Access.of("from", entries, Use.READ))));
        }
      }
      return body.operations().isEmpty() ? Code.NOTHING : once(body).orElseThrow();
    }

    /** Moves the pointers of input and output by {@code step}, and back what was done so often. */
    private Code move(long[] step, long[] done, int times) {
      int[] pointers = {IN.id(), OUT.id(), PARAMETERS.id()};
      List<Operation> all = new ArrayList<>();
      for (int i = 0; i < step.length; i++) {
        all.add(Operation.moved(pointers[i], step[i] - times * done[i]));
      }
      return Code.side(machine, SlotKind.SCALAR, all);
    }

    /** The code of some rows; empty if there are not enough registers. */
    private Optional<Visit> visit(Region in, Region out) {
      long back = -(long) rows.rounds() * rows.blocks() * form.word() * along(in);
      Visit visit = Visit.NOTHING.then(Code.side(machine, SlotKind.VECTOR, operations.start()));
      for (int pass = 0; pass < kernel.passes().size(); pass++) {
        if (rows.rounds() > 0) {
          List<Operation> round = round(in, out, pass);
          Optional<LoopSchedule> loop = schedules.of(round, fixed);
          if (loop.isEmpty() && frugal) {
            loop = schedules.once(round, fixed);
          }
          if (loop.isEmpty()) {
            return Optional.empty();
          }
          String description = kernel.passes().get(pass);
          kernels.put(description, loop.get().kernel(name, description, rows.rounds(), 0));
          PipelinedLoop pipelined = PipelinedLoop.of(loop.get(), rows.rounds());
          Code code = Code.of(machine, pipelined);
          long waits = code.bundles().size() - pipelined.bundles().size();
          visit = visit.then(code, pipelined.steps() + waits);
        }
        Optional<Code> last = once(behind(in, out, pass, back));
        if (last.isEmpty()) {
          return Optional.empty();
        }
        visit = visit.then(last.get());
      }
      return Optional.of(visit);
    }

    private Optional<Code> once(Body body) {
      if (body.operations().isEmpty()) {
        return Optional.of(Code.NOTHING);
      }
      return schedules
          .once(body.operations(), fixed)
          .map(found -> Code.of(machine, PipelinedLoop.of(found, 1)));
    }

    private RowBody body() {
      return new RowBody(new Body(form.word()), rows, layout, CONSTANTS, PARAMETERS, frugal);
    }

    /** A round of a pass: a vector of each row. */
    private List<Operation> round(Region in, Region out, int pass) {
      RowBody body = body();
      long round = (long) rows.blocks() * form.word();
      for (int row = 0; row < count; row++) {
        Register codes = body.body().vector(1);
        body.body().load(codes, 0, IN, (long) row * beside(in), IN_PATTERN);
        Consumer<Register> store = store(body, out, row, form.pieces());
        vectors(body, pass, row, List.of(new Codes(codes, rows.quarters())), store);
      }
      body.body().step(IN, round * along(in));
      if (pass == 2) {
        body.body().step(OUT, round * along(out));
        body.body()
            .step(
                PARAMETERS,
                (long) rows.quarters().size() * kernel.parameters().size() * form.vector());
      }
      return body.body().operations();
    }

    /** What comes behind the loop of a pass. */
    private Body behind(Region in, Region out, int pass, long back) {
      RowBody body = body();
      for (int row = 0; row < count; row++) {
        List<Codes> all = new ArrayList<>();
        for (int block = 0; block < rows.lastBlocks(); block++) {
          Register codes = body.body().vector(1);
          long at = (long) row * beside(in) + (long) block * along(in);
          body.body().load(codes, 0, IN, at, LAST_PATTERN);
          if (rows.lastCodes() > 0 && block == rows.lastBlocks() - 1) {
            codes = body.shuffle(codes, body.lastOrder());
          }
          all.add(new Codes(codes, rows.lastQuarters(block)));
        }
        if (!all.isEmpty()) {
          int pieces = rows.lastBlocks() * form.blockWords();
          vectors(body, pass, row, all, store(body, out, row, pieces));
        }
      }
      if (pass == 0) {
        operations.afterFirst(body);
      } else if (pass == 1) {
        operations.afterSecond(body);
      }
      if (pass < 2) {
        body.body().step(IN, back);
      }
      return body.body();
    }

    private Consumer<Register> store(RowBody body, Region out, int row, int pieces) {
      return codes ->
          body.body().store(codes, 0, OUT, (long) row * beside(out), IN_PATTERN, pieces);
    }

    /** A pass over vectors of a row, whose codes make one vector of the output. */
    private void vectors(
        RowBody body, int pass, int row, List<Codes> all, Consumer<Register> store) {
      Register to = body.body().vector(1);
      for (Codes codes : all) {
        switch (pass) {
          case 0 -> operations.first(body, row, codes);
          case 1 -> operations.second(body, row, codes);
          default -> operations.third(body, row, codes, to);
        }
      }
      if (pass == 2) {
        store.accept(to);
      }
    }

    @Override
    public List<Kernel> kernels() {
      return List.copyOf(kernels.values());
    }
  }
}
