// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lockstep.arch.UserError;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.Move.Loop;
import lockstep.compiler.vliw.Move.Vector;
import lockstep.compiler.vliw.Move.Window;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.vliw.SlotKind;

/**
 * Elements at other places, byte by byte: of each vector of the output the vectors of the inputs
 * that it takes codes from are shuffled, and one after the other selected from. The inputs lie in
 * local memory whole. Orders and masks are constants, each there once.
 */
final class GatherWork implements Work {
  private static final int STRAIGHT_VECTORS = 8;
  private static final int MOST_CONSTANTS = 1024;
  private static final int STEPS_OF_VECTOR = 3;
  private static final int MOST_BUNDLES = 256;

  private final TileForm form;
  private final VliwArchitecture machine;
  private final String name;
  private final Gather gather;
  private final Placement output;
  private final LoopSchedules schedules;
  private final long constantsAt;
  private final GatherMoves moves;
  private final Map<Tile, List<Move>> ofTile = new HashMap<>();
  private final Map<ByteBuffer, Integer> constants = new LinkedHashMap<>();
  private final Map<String, Kernel> kernels = new LinkedHashMap<>();

  /**
   * @param constantsAt address at which {@link #constants} will lie
   */
  GatherWork(
      TileForm form,
      String name,
      Gather gather,
      Placement output,
      LoopSchedules schedules,
      long constantsAt) {
    this.form = form;
    machine = form.machine();
    this.name = name;
    this.gather = gather;
    this.output = output;
    this.schedules = schedules;
    this.constantsAt = constantsAt;
    moves = new GatherMoves(form, gather, output.tensor());
  }

  /** Room for constants in memory. */
  static long mostBytes(TileForm form) {
    long share = form.machine().localMemory().capacityBytes() / 8 / form.vector();
    return Math.min(MOST_CONSTANTS, share) * form.vector();
  }

  /** Where they lie in memory. */
  long constantsAt() {
    return constantsAt;
  }

  /** Finds the moves of all tiles and their constants, before any of them is computed. */
  void prepare(List<Tile> tiles, Region room) {
    for (Tile tile : tiles) {
      List<Move> all = moves.of(tile, room);
      ofTile.put(tile, all);
      all.forEach(this::constants);
    }
  }

  private void constants(Move move) {
    switch (move.what()) {
      case Loop loop -> loop.body().forEach(this::constants);
      case Vector _ -> new Round().vector(move);
    }
  }

  private long vectors(Tile tile) {
    long bytes = (long) tile.blocks() * tile.height() * tile.width() * form.block();
    return Math.ceilDiv(bytes, (long) form.vector());
  }

  /** Constants of all tiles. */
  byte[] constants() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    constants.keySet().forEach(c -> all.writeBytes(c.array()));
    return all.toByteArray();
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
    List<Operand> operands = new ArrayList<>();
    for (Placement p : gather.inputs()) {
      operands.add(new Operand.Whole(p.root(), p.base(), Gather.bytes(p)));
    }
    long known = (long) constants.size() * form.vector();
    operands.add(new Operand.Whole("", constantsAt, known == 0 ? mostBytes(form) : known));
    return operands;
  }

  @Override
  public List<Plan> plans(int height, int width, int blocks, MappingRule rule) {
    return List.of(new GatherPlan());
  }

  /** Pointers of the inputs, the constants and the output. */
  private static Register register(int number) {
    return new Register(File.SCALAR, number, 1);
  }

  private int inputs() {
    return gather.inputs().size();
  }

  /** The pointer that {@link Move#at} counts for: that of the constants stands between them. */
  private Register pointer(int i) {
    return register(i < inputs() ? i : i + 1);
  }

  private Map<Register, Integer> fixed() {
    Map<Register, Integer> fixed = new LinkedHashMap<>();
    for (int i = 0; i < inputs() + 2; i++) {
      fixed.put(register(i), i);
    }
    return fixed;
  }

  private final class GatherPlan implements Plan {
    @Override
    public int roomLines(int height) {
      return height;
    }

    @Override
    public int roomColumns(int width) {
      return width;
    }

    @Override
    public long steps(Tile tile) {
      return vectors(tile) * STEPS_OF_VECTOR;
    }

    @Override
    public long bundles(Tile tile) {
      return Math.min(vectors(tile) * STEPS_OF_VECTOR, MOST_BUNDLES);
    }

    @Override
    public boolean schedules(List<Region> operands, Region out) {
      return true;
    }

    @Override
    public Code begin(List<Region> operands, Region out) {
      return Code.side(
          machine,
          SlotKind.SCALAR,
          List.of(Operation.number(register(inputs()).id(), operands.getLast().base())));
    }

    @Override
    public Code compute(Tile tile, List<Region> operands, Region out) {
      List<Operation> begin = new ArrayList<>();
      for (int p = 0; p <= inputs(); p++) {
        long base = p < inputs() ? operands.get(p).base() : out.base();
        begin.add(Operation.number(pointer(p).id(), base));
      }
      return Code.side(machine, SlotKind.SCALAR, begin)
          .then(all(Objects.requireNonNull(ofTile.get(tile)), new long[inputs() + 1]));
    }

    @Override
    public List<Kernel> kernels() {
      return List.copyOf(kernels.values());
    }
  }

  /**
   * Moves one after the other.
   *
   * @param position words that the pointers stand from the beginning; where they end, too
   */
  private Code all(List<Move> moves, long[] position) {
    Code code = Code.NOTHING;
    for (int i = 0; i < moves.size(); ) {
      if (moves.get(i).what() instanceof Loop loop) {
        code = code.then(to(moves.get(i).at(), position)).then(loop(loop));
        for (int p = 0; p < position.length; p++) {
          position[p] += loop.count() * loop.step().get(p);
        }
        i++;
      } else {
        int end = i;
        while (end < moves.size() && moves.get(end).what() instanceof Vector) {
          end++;
        }
        Straight straight = straight(moves.subList(i, Math.min(end, i + STRAIGHT_VECTORS)));
        code = code.then(to(straight.at(), position)).then(straight.code());
        i += straight.moves();
      }
    }
    return code;
  }

  /** The pointers that are needed go where they are. */
  private Code to(List<Long> at, long[] position) {
    List<Operation> all = new ArrayList<>();
    for (int p = 0; p < position.length; p++) {
      if (at.get(p) != Move.UNUSED && at.get(p) != position[p]) {
        all.add(Operation.moved(pointer(p).id(), (at.get(p) - position[p]) * form.word()));
        position[p] = at.get(p);
      }
    }
    return Code.side(machine, SlotKind.SCALAR, all);
  }

  private Code loop(Loop loop) {
    if (loop.body().stream().allMatch(m -> m.what() instanceof Vector)) {
      Round round = new Round();
      loop.body().forEach(round::vector);
      for (int p = 0; p <= inputs(); p++) {
        round.body.step(pointer(p), loop.step().get(p) * form.word());
      }
      Optional<LoopSchedule> found = schedules.of(round.body.operations(), fixed());
      if (found.isPresent() && found.get().period() <= machine.instructionMemory()) {
        String what = "moves, %d vectors".formatted(loop.body().size());
        kernels.putIfAbsent(what, found.get().kernel(name, what, loop.count(), 0));
        return Code.of(machine, PipelinedLoop.of(found.get(), loop.count()));
      }
    }
    long[] position = new long[inputs() + 1];
    Code round = all(loop.body(), position);
    return round.times(machine, loop.count(), to(loop.step(), position));
  }

  /** The first of some vectors, as many as there are registers for. */
  private record Straight(Code code, int moves, List<Long> at) {}

  private Straight straight(List<Move> vectors) {
    for (int count = vectors.size(); count > 0; count /= 2) {
      Move all = Repeats.together(vectors.subList(0, count));
      Round round = new Round();
      ((Loop) all.what()).body().forEach(round::vector);
      Optional<LoopSchedule> found = schedules.once(round.body.operations(), fixed());
      if (found.isPresent()) {
        Code code = Code.of(machine, PipelinedLoop.of(found.get(), 1));
        return new Straight(code, count, all.at());
      }
    }
    throw new UserError(
        "layer %s does not fit %s: moving its elements takes more vector registers; raise registers.vector.count"
            .formatted(name, machine.name()));
  }

  /** Vectors one after the other; a constant is loaded once for all of them. */
  private final class Round {
    private final Body body = new Body(form.word());
    private final Map<Integer, Register> loaded = new HashMap<>();

    void vector(Move move) {
      Vector vector = (Vector) move.what();
      boolean fills = vector.codes().contains(Vector.FILLED);
      Register sum = fills || vector.windows().isEmpty() ? filled() : null;
      for (int w = 0; w < vector.windows().size(); w++) {
        Register from = shuffled(vector, w, move.at());
        sum = sum == null ? from : selected(vector, w, from, sum);
      }
      if (sum == null) {
        throw new IllegalStateException(name + " has a vector of nothing");
      }
      body.store(sum, 0, pointer(inputs()), move.at().get(inputs()), 0, vector.pieces());
    }

    private Register filled() {
      byte[] all = new byte[form.vector()];
      Arrays.fill(all, (byte) gather.fill());
      return constant(all);
    }

    private Register shuffled(Vector vector, int w, List<Long> at) {
      Window window = vector.windows().get(w);
      Register from = body.vector(1);
      body.load(from, 0, pointer(window.input()), at.get(window.input()) + window.words(), 0);
      byte[] order = new byte[form.vector()];
      boolean moved = false;
      for (int i = 0; i < order.length; i++) {
        order[i] = (byte) (of(vector, i, w) ? vector.codes().get(i) % form.vector() : i);
        moved |= Byte.toUnsignedInt(order[i]) != i;
      }
      if (!moved) {
        return from;
      }
      return body.shuffle(from, constant(order));
    }

    private Register selected(Vector vector, int w, Register from, Register others) {
      byte[] mask = new byte[form.vector()];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = (byte) (of(vector, i, w) ? 1 : 0);
      }
      return body.select(from, others, constant(mask));
    }

    private boolean of(Vector vector, int i, int w) {
      int code = vector.codes().get(i);
      return code >= 0 && code / form.vector() == w;
    }

    private Register constant(byte[] bytes) {
      int number = constants.computeIfAbsent(ByteBuffer.wrap(bytes), _ -> constants.size());
      if ((number + 1L) * form.vector() > mostBytes(form)) {
        throw new UserError(
            "layer %s does not fit %s: it moves its elements in more than %d ways; raise local_memory.capacity_bytes"
                .formatted(name, machine.name(), number));
      }
      return loaded.computeIfAbsent(
          number,
          n -> {
            Register to = body.vector(1);
            body.load(to, 0, register(inputs()), (long) n * form.pieces(), 0);
            return to;
          });
    }
  }
}
