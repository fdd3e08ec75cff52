// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.compiler.vliw.PipelinedLoop.Placed;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.vliw.SlotKind;

/**
 * Elements at other places, byte by byte: of each vector of the output the vectors of the inputs
 * that it takes codes from are shuffled, and what is not wanted of them is multiplied by 0.
 *
 * <pre>
 * all lanes of one source    out = sum over sources of shuffle(source, order) x mask       lanes
 * else, for each quarter     out = narrow(sum over sources of widen(shuffle(source, order)) x mask)
 * </pre>
 *
 * <p>The inputs lie in local memory whole. Orders and masks are constants, each there once.
 */
final class GatherWork implements Work {
  private static final int QUARTERS = 4;
  private static final int BODY_VECTORS = 8;
  private static final int MOST_CONSTANTS = 1024;
  private static final int LANE = VliwArchitecture.WORD_BYTES;
  private static final int ANY = -1;
  private static final int FILLED = -2;

  private final TileForm form;
  private final VliwArchitecture machine;
  private final String name;
  private final Gather gather;
  private final Placement output;
  private final long constantsAt;
  private final Map<ByteBuffer, Integer> constants = new LinkedHashMap<>();

  /**
   * @param constantsAt address at which {@link #constants} will lie
   */
  GatherWork(TileForm form, String name, Gather gather, Placement output, long constantsAt) {
    this.form = form;
    machine = form.machine();
    this.name = name;
    this.gather = gather;
    this.output = output;
    this.constantsAt = constantsAt;
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

  /** Finds the constants of all tiles, before any of them is computed. */
  void prepare(List<Tile> tiles) {
    for (Tile tile : tiles) {
      for (int v = 0; v < vectors(tile); v++) {
        vector(new Body(form.word()), recipe(tile, v), v);
      }
    }
  }

  private long vectors(Tile tile) {
    long bytes = (long) tile.blocks() * tile.height() * tile.width() * form.block();
    return Math.ceilDiv(bytes, (long) form.vector());
  }

  /** Constants of all tiles computed so far. */
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

  /** Where each byte of a vector comes from: the vector of an input, and the place in it. */
  private record Recipe(int[] sources, int[] places) {}

  private Recipe recipe(Tile tile, int vector) {
    int size = form.vector();
    int[] sources = new int[size];
    int[] places = new int[size];
    Arrays.fill(sources, ANY);
    var y = output.tensor();
    for (int i = 0; i < size; i++) {
      int at = vector * size + i;
      int channel = at % form.block();
      int pixel = at / form.block();
      int w = pixel % tile.width();
      int h = pixel / tile.width() % tile.height();
      int block = pixel / tile.width() / tile.height();
      int c = (tile.firstBlock() + block) * form.block() + channel;
      if (block < tile.blocks() && c < y.c()) {
        long from = gather.origin().of(tile.image(), c, tile.y() + h, tile.x() + w);
        if (from == Gather.NOWHERE) {
          sources[i] = FILLED;
        } else {
          int offset = gather.offset(from);
          sources[i] = first(Gather.input(from)) + offset / size;
          places[i] = offset % size;
        }
      }
    }
    return new Recipe(sources, places);
  }

  /** Vectors of the inputs before one. */
  private int first(int input) {
    long vectors = 0;
    for (int i = 0; i < input; i++) {
      vectors += Math.ceilDiv(Gather.bytes(gather.inputs().get(i)), (long) form.vector());
    }
    return Math.toIntExact(vectors);
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
      return vectors(tile) * QUARTERS;
    }

    @Override
    public long bundles(Tile tile) {
      return vectors(tile) * QUARTERS;
    }

    @Override
    public boolean schedules(List<Region> operands, Region out) {
      return true;
    }

    @Override
    public Code begin(List<Region> operands, Region out) {
      return Code.NOTHING;
    }

    @Override
    public Code compute(Tile tile, List<Region> operands, Region out) {
      List<List<Placed>> bundles = new ArrayList<>(pointers(operands, out).bundles());
      long vectors = vectors(tile);
      for (int from = 0; from < vectors; ) {
        int count = (int) Math.min(BODY_VECTORS, vectors - from);
        Optional<LoopSchedule> schedule = schedule(tile, from, count);
        while (schedule.isEmpty() && count > 1) {
          count = Math.ceilDiv(count, 2);
          schedule = schedule(tile, from, count);
        }
        LoopSchedule found =
            schedule.orElseThrow(
                () ->
                    new UserError(
                        "layer %s does not fit %s: moving its elements takes more vector registers; raise registers.vector.count"
                            .formatted(name, machine.name())));
        bundles.addAll(Code.of(machine, PipelinedLoop.of(found, 1)).bundles());
        from += count;
      }
      return new Code(bundles, 0);
    }

    /** Some vectors, one after the other; empty if there are not enough registers. */
    private Optional<LoopSchedule> schedule(Tile tile, int from, int count) {
      Body body = new Body(form.word());
      for (int v = from; v < from + count; v++) {
        vector(body, recipe(tile, v), v);
      }
      return LoopSchedule.once(machine, body.operations(), fixed());
    }

    @Override
    public List<Kernel> kernels() {
      return List.of();
    }
  }

  /** Pointers of the inputs, the constants and the output. */
  private Register pointer(int i) {
    return new Register(File.SCALAR, i, 1);
  }

  private Map<Register, Integer> fixed() {
    Map<Register, Integer> fixed = new LinkedHashMap<>();
    for (int i = 0; i < gather.inputs().size() + 2; i++) {
      fixed.put(pointer(i), i);
    }
    return fixed;
  }

  private Code pointers(List<Region> operands, Region out) {
    List<Operation> all = new ArrayList<>();
    for (int i = 0; i < operands.size() + 1; i++) {
      long base = i < operands.size() ? operands.get(i).base() : out.base();
      all.add(Operation.number(i, base));
    }
    return Code.side(machine, SlotKind.SCALAR, all);
  }

  private void vector(Body body, Recipe recipe, int number) {
    Map<Integer, Register> sources = new TreeMap<>();
    for (int source : recipe.sources()) {
      if (source >= 0 && !sources.containsKey(source)) {
        sources.put(source, shuffled(body, recipe, source));
      }
    }
    Register codes =
        lanes(recipe) ? ofLanes(body, recipe, sources) : ofCodes(body, recipe, sources);
    int out = gather.inputs().size() + 1;
    body.store(codes, 0, pointer(out), (long) number * form.pieces(), 0, form.pieces());
  }

  private Register shuffled(Body body, Recipe recipe, int source) {
    int input = gather.inputs().size() - 1;
    while (first(input) > source) {
      input--;
    }
    Register from = body.vector(1);
    body.load(from, 0, pointer(input), (long) (source - first(input)) * form.pieces(), 0);
    byte[] order = new byte[form.vector()];
    boolean moved = false;
    for (int i = 0; i < order.length; i++) {
      order[i] = (byte) (recipe.sources()[i] == source ? recipe.places()[i] : i);
      moved |= order[i] != i;
    }
    if (!moved) {
      return from;
    }
    Register to = body.vector(1);
    body.add(
        new Operation(
            SlotKind.PERMUTE,
            "shuffle",
            Map.of(),
            List.of(
                Access.of("from", from, Use.READ),
                Access.of("order", constant(body, order), Use.READ),
                Access.of("to", to, Use.WRITE))));
    return to;
  }

  /** Whether the codes of each lane come from one source, or are all filled. */
  private static boolean lanes(Recipe recipe) {
    for (int lane = 0; lane < recipe.sources().length; lane += LANE) {
      int one = ANY;
      for (int i = lane; i < lane + LANE; i++) {
        int source = recipe.sources()[i];
        if (source != ANY && one != ANY && source != one) {
          return false;
        }
        one = source == ANY ? one : source;
      }
    }
    return true;
  }

  private Register ofLanes(Body body, Recipe recipe, Map<Integer, Register> sources) {
    byte[] filled = new byte[form.vector()];
    boolean fills = false;
    for (int i = 0; i < filled.length; i++) {
      if (recipe.sources()[i] == FILLED) {
        filled[i] = (byte) gather.fill();
        fills = true;
      }
    }
    if (sources.size() == 1 && !fills) {
      return sources.values().iterator().next();
    }
    Register sum = fills || sources.isEmpty() ? constant(body, filled) : null;
    for (var each : sources.entrySet()) {
      byte[] mask = new byte[form.vector()];
      for (int i = 0; i < mask.length; i++) {
        if (recipe.sources()[i] == each.getKey()) {
          mask[i / LANE * LANE] = 1;
        }
      }
      Register part = body.lanes("mul", each.getValue(), constant(body, mask));
      sum = sum == null ? part : body.lanes("add", sum, part);
    }
    return Objects.requireNonNull(sum);
  }

  private Register ofCodes(Body body, Recipe recipe, Map<Integer, Register> sources) {
    Register codes = body.vector(1);
    int lanes = machine.lanes();
    for (int q = 0; q < QUARTERS; q++) {
      ByteBuffer filled = lanes();
      for (int lane = 0; lane < lanes; lane++) {
        boolean fill = recipe.sources()[q * lanes + lane] == FILLED;
        filled.putInt(fill ? gather.fill() : 0);
      }
      Register sum = constant(body, filled.array());
      for (var each : sources.entrySet()) {
        ByteBuffer mask = lanes();
        boolean any = false;
        for (int lane = 0; lane < lanes; lane++) {
          boolean wanted = recipe.sources()[q * lanes + lane] == each.getKey();
          mask.putInt(wanted ? 1 : 0);
          any |= wanted;
        }
        if (any) {
          Register wide = body.widen(each.getValue(), 0, q);
          sum = body.lanes("add", sum, body.lanes("mul", wide, constant(body, mask.array())));
        }
      }
      body.narrow(codes, q, sum, 0, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    return codes;
  }

  private ByteBuffer lanes() {
    return ByteBuffer.allocate(form.vector()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Register constant(Body body, byte[] bytes) {
    int number = constants.computeIfAbsent(ByteBuffer.wrap(bytes), _ -> constants.size());
    if ((number + 1L) * form.vector() > mostBytes(form)) {
      throw new UserError(
          "layer %s does not fit %s: it moves its elements in more than %d ways; raise local_memory.capacity_bytes"
              .formatted(name, machine.name(), number));
    }
    Register to = body.vector(1);
    body.load(to, 0, pointer(gather.inputs().size()), (long) number * form.pieces(), 0);
    return to;
  }
}
