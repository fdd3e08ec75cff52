// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.Field;
import lockstep.isa.Format;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.TransferField;

/**
 * Draws programs that keep the rules of {@code docs/vliw.md} and little else.
 *
 * <pre>
 * registers     each slot writes registers of its own, reads any: no two results meet
 * addresses     base registers, one for each load and store slot, are set where no slot steps on
 * segments      with loads and stores while no transfer is under way, or with transfers and neither
 * values        often small, so that shifts and products do not always saturate
 * end           all registers are stored, of scalars the low byte; then local memory goes out
 * </pre>
 */
final class RandomBundles {
  private static final int IN = BundleList.MEMORY;
  private static final int DISTINCT_PATTERNS = 4;

  private final VliwArchitecture machine;
  private final SplittableRandom random;
  private final BundleList code;
  private final List<Slot> slots;
  private final int local;
  private final int word;
  private final int longest;
  private int out;

  private RandomBundles(VliwArchitecture machine, SplittableRandom random) {
    this.machine = machine;
    this.random = random;
    code = new BundleList(machine);
    slots = code.isa.slots();
    local = Math.toIntExact(machine.localMemory().capacityBytes());
    word = machine.localMemory().widthBytes();
    longest = slots.stream().mapToInt(each -> each.kind().latency(machine)).max().orElseThrow();
    out = IN + 2 * local;
  }

  /** A program for {@code machine}; off-chip memory has {@code 2^20} bytes. */
  static Program draw(VliwArchitecture machine, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] data = new byte[2 * Math.toIntExact(machine.localMemory().capacityBytes())];
    ByteBuffer words = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    while (words.remaining() >= Integer.BYTES) {
      words.putInt(small(random, random.nextInt()));
    }
    var drawn = new RandomBundles(machine, random);
    drawn.begin();
    int segments = 2 + random.nextInt(3);
    for (int i = 0; i < segments; i++) {
      if (random.nextInt(3) == 0) {
        drawn.transfers();
      } else {
        drawn.bases();
        drawn.block(1 + random.nextInt(8), 0, true);
        drawn.code.idle(drawn.longest);
      }
    }
    drawn.end();
    return drawn.code.program("random-" + seed, data, 1 << 20);
  }

  /** The highest bits of a word, often few, with its sign. */
  private static int small(SplittableRandom random, int word) {
    return word >> random.nextInt(Integer.SIZE);
  }

  private Slot first(SlotKind kind) {
    return slots.stream().filter(each -> each.kind() == kind).findFirst().orElseThrow();
  }

  private void dma(String mnemonic, Map<String, Long> fields) {
    code.with(first(SlotKind.DMA), mnemonic, fields).end();
  }

  private void set(TransferField field, long value) {
    dma("set", Map.of("field", (long) field.ordinal(), "value", value));
  }

  /** Fills local memory, sets patterns and bases, loads every vector register. */
  private void begin() {
    transfer(0, IN, 0, local);
    dma("wait", Map.of("direction", 0L, "most", 0L));
    for (int i = 0; i < DISTINCT_PATTERNS; i++) {
      long inner = 1 + random.nextInt(machine.pieces());
      long step = 1 + random.nextInt(3);
      pattern(i, inner, step, inner * step + random.nextInt(3));
    }
    for (int i = DISTINCT_PATTERNS; i < 7; i++) {
      pattern(
          i, 1 + random.nextInt(machine.pieces()), random.nextInt(-5, 6), random.nextInt(-9, 10));
    }
    bases();
    for (int v = 0; v < machine.registers().vector().count(); v++) {
      access(first(SlotKind.LOAD), v, 1, 1 + random.nextInt(3), 7);
      code.end();
    }
    code.idle(longest);
  }

  private void pattern(long index, long inner, long innerStep, long outerStep) {
    code.with(
            first(SlotKind.SCALAR),
            "pattern",
            Map.of(
                "pattern", index, "inner", inner, "inner_step", innerStep, "outer_step", outerStep))
        .end();
  }

  /** One contiguous transfer of all of its bytes. */
  private void transfer(long direction, long memory, long localAddress, long bytes) {
    set(TransferField.MEMORY, memory);
    set(TransferField.LOCAL, localAddress);
    set(TransferField.BYTES, bytes);
    set(TransferField.COUNT1, 1);
    set(TransferField.COUNT2, 1);
    set(TransferField.COUNT3, 1);
    dma("start", Map.of("direction", direction));
  }

  /** The base register of a load or store slot: the first registers. */
  private long base(Slot slot) {
    return slot.index() + (slot.kind() == SlotKind.STORE ? SlotKind.LOAD.count(machine) : 0);
  }

  private int bases() {
    int count = SlotKind.LOAD.count(machine) + SlotKind.STORE.count(machine);
    for (int i = 0; i < count; i++) {
      code.with(
              first(SlotKind.SCALAR),
              "li",
              Map.of("to", (long) i, "value", (long) random.nextInt(local / word) * word))
          .end();
    }
    code.idle(longest);
    return count;
  }

  /** Bundles, loops among them; {@code memory} allows loads and stores. */
  private void block(int bundles, int depth, boolean memory) {
    for (int i = 0; i < bundles; i++) {
      bundle(memory);
      int room = machine.instructionMemory() / (2 << depth) - 2;
      if (depth < machine.loopDepth() && room > 2 && random.nextInt(4) == 0) {
        int body = 1 + random.nextInt(Math.min(room, 6));
        loop(body, depth, memory);
      }
    }
  }

  private void loop(int body, int depth, boolean memory) {
    boolean nested = depth + 1 < machine.loopDepth() && body > 3 && random.nextBoolean();
    int inner = nested ? 1 + random.nextInt(body - 3) : 0;
    draw(memory);
    code.with(first(SlotKind.SCALAR), "loop", loopFields(body)).end();
    if (!nested) {
      for (int i = 0; i < body; i++) {
        bundle(memory);
      }
      return;
    }
    draw(memory);
    code.with(first(SlotKind.SCALAR), "loop", loopFields(inner)).end();
    for (int i = 1; i < body; i++) {
      bundle(memory);
    }
  }

  private Map<String, Long> loopFields(int body) {
    return Map.of("count", 1L + random.nextInt(5), "bundles", (long) body);
  }

  private void bundle(boolean memory) {
    draw(memory);
    code.end();
  }

  /** Puts an operation into some slots; at most one of the stores. */
  private void draw(boolean memory) {
    int storing = random.nextInt(SlotKind.STORE.count(machine));
    for (Slot slot : slots) {
      if (random.nextInt(5) < 2) {
        continue;
      }
      switch (slot.kind()) {
        case LOAD -> {
          if (memory) {
            access(slot, own(slot), random.nextInt(2), random.nextInt(-4, 5), random.nextInt(8));
          }
        }
        case STORE -> {
          if (memory && slot.index() == storing) {
            store(slot);
          }
        }
        case DMA -> {}
        case SCALAR, MATRIX, VECTOR, SPECIAL, PERMUTE -> any(slot);
      }
    }
  }

  private void access(Slot slot, long to, long post, long step, long pattern) {
    code.with(
        slot,
        "load",
        Map.of("base", base(slot), "step", step, "post", post, "pattern", pattern, "to", to));
  }

  private void store(Slot slot) {
    code.with(
        slot,
        "store",
        Map.of(
            "base", base(slot),
            "step", (long) random.nextInt(-4, 5),
            "post", (long) random.nextInt(2),
            "pattern", (long) random.nextInt(DISTINCT_PATTERNS),
            "from", (long) random.nextInt(machine.registers().vector().count()),
            "pieces", (long) random.nextInt(machine.pieces() + 1)));
  }

  /** An operation of a slot with any fields, its result in a register of the slot's own. */
  private void any(Slot slot) {
    List<Format> formats =
        slot.operations().formats().stream()
            .filter(f -> !List.of("nop", "pattern", "loop", "halt").contains(f.mnemonic()))
            .toList();
    Format format = formats.get(random.nextInt(formats.size()));
    Map<String, Long> fields = new HashMap<>();
    for (Field f : format.fields()) {
      fields.put(f.name(), field(slot, format, f));
    }
    if (format.fields().stream().anyMatch(f -> f.name().equals("min"))) {
      long a = random.nextInt(-128, 128);
      long b = random.nextInt(-128, 128);
      fields.put("min", Math.min(a, b));
      fields.put("max", Math.max(a, b));
    }
    code.with(slot, format.mnemonic(), fields);
  }

  private long field(Slot slot, Format format, Field f) {
    int vectors = machine.registers().vector().count();
    int scalars = machine.registers().scalar().count();
    int accumulators = machine.registers().accumulator().count();
    return switch (f.name()) {
      case "to" -> own(slot);
      case "a", "b" -> random.nextInt(slot.kind() == SlotKind.SCALAR ? scalars : vectors);
      case "from" ->
          f.meaning().startsWith("accumulator")
              ? random.nextInt(accumulators)
              : random.nextInt(vectors);
      case "left", "right", "parameters", "scale", "order", "mask" -> random.nextInt(vectors);
      case "part" ->
          switch (format.mnemonic()) {
            case "fill" -> random.nextInt(256 / machine.registers().vector().widthBytes());
            case "reciprocal", "root" -> random.nextInt(2);
            default -> random.nextInt(machine.accumulatorParts());
          };
      case "value" -> small(random, (int) random.nextLong(f.min(), f.max() + 1));
      case "table" -> random.nextInt(machine.slots().special().tables());
      default -> random.nextLong(f.min(), f.max() + 1);
    };
  }

  /** A register that only this slot writes. */
  private long own(Slot slot) {
    List<Slot> writers = new ArrayList<>();
    for (Slot each : slots) {
      if (file(each) == file(slot)) {
        writers.add(each);
      }
    }
    int from = file(slot) == SlotKind.SCALAR ? 8 : 0;
    int registers =
        switch (file(slot)) {
          case SCALAR -> machine.registers().scalar().count() - from;
          case MATRIX -> machine.registers().accumulator().count();
          case LOAD, STORE, VECTOR, SPECIAL, PERMUTE, DMA -> machine.registers().vector().count();
        };
    int each = registers / writers.size();
    return from + (long) writers.indexOf(slot) * each + random.nextInt(each);
  }

  /** The file that a slot's results go to, by a kind that stands for it. */
  private static SlotKind file(Slot slot) {
    return switch (slot.kind()) {
      case SCALAR -> SlotKind.SCALAR;
      case MATRIX -> SlotKind.MATRIX;
      case LOAD, VECTOR, SPECIAL, PERMUTE -> SlotKind.VECTOR;
      case STORE, DMA -> SlotKind.DMA;
    };
  }

  /** Transfers side by side with each other and with bundles that touch no memory. */
  private void transfers() {
    int slices = 8;
    int slice = local / slices / word * word;
    for (int i = 0; i < slices; i++) {
      if (slice == 0 || random.nextInt(3) == 0) {
        continue;
      }
      long direction = random.nextInt(3);
      strided(direction, i * slice, slice / word);
      block(random.nextInt(3), 1, false);
      if (random.nextInt(3) == 0) {
        dma(
            "wait",
            Map.of(
                "direction",
                (long) random.nextInt(2),
                "most",
                (long) random.nextInt(machine.transferDepth() + 1)));
      }
    }
    dma("wait", Map.of("direction", 0L, "most", 0L));
    dma("wait", Map.of("direction", 1L, "most", 0L));
    code.idle(longest);
  }

  /** A transfer in up to three loops that stays in a slice of local memory. */
  private void strided(long direction, long localAddress, int words) {
    long run = 1 + random.nextInt(Math.max(1, words / 4));
    long count1 = 1 + random.nextInt((int) Math.max(1, Math.min(4, words / run)));
    long count2 = 1 + random.nextInt((int) Math.max(1, Math.min(3, words / run / count1)));
    long inner = run + (words - run * count1 * count2) / Math.max(1, count1 * count2);
    long memory = direction == 1 ? out : IN + (long) random.nextInt(local / word) * word;
    long memoryStep = (run + random.nextInt(5)) * word;
    set(TransferField.MEMORY, memory);
    set(TransferField.LOCAL, localAddress);
    set(TransferField.BYTES, run * word);
    set(TransferField.COUNT1, count1);
    set(TransferField.COUNT2, count2);
    set(TransferField.COUNT3, 1);
    set(TransferField.MEMORY_STEP1, memoryStep);
    set(TransferField.MEMORY_STEP2, memoryStep * count1 + word);
    set(TransferField.LOCAL_STEP1, inner * word);
    set(TransferField.LOCAL_STEP2, inner * count1 * word);
    set(TransferField.CONSTANT, random.nextInt(-128, 128));
    dma("start", Map.of("direction", direction));
    out += direction == 1 ? (int) ((memoryStep * count1 + word) * count2) : 0;
  }

  /** Stores all registers, then takes local memory out. */
  private void end() {
    code.idle(longest);
    Slot store = first(SlotKind.STORE);
    Slot vector = first(SlotKind.VECTOR);
    code.with(first(SlotKind.SCALAR), "li", Map.of("to", base(store), "value", 0L)).end();
    pattern(0, machine.pieces(), 1, 0);
    code.idle(longest);
    for (int v = 0; v < machine.registers().vector().count(); v++) {
      keep(store, v);
    }
    half(vector);
    keep(store, 3);
    for (int a = 0; a < machine.registers().accumulator().count(); a++) {
      for (int part = 0; part < machine.accumulatorParts(); part++) {
        code.with(vector, "sums", Map.of("to", 0L, "from", (long) a, "part", (long) part)).end();
        code.idle(longest);
        keep(store, 0);
      }
    }
    for (int s = 0; s < machine.registers().scalar().count(); s++) {
      dma("put", Map.of("field", (long) TransferField.CONSTANT.ordinal(), "from", (long) s));
      transfer(2, IN, local - (s + 1L) * word, word);
    }
    dma("wait", Map.of("direction", 0L, "most", 0L));
    transfer(1, out, 0, local);
    code.with(first(SlotKind.SCALAR), "halt", Map.of()).end();
  }

  /** Half an odd number in register 3, which is rounded to even. */
  private void half(Slot vector) {
    int shift = 1 + random.nextInt(8);
    int low = random.nextInt(shift);
    splat(vector, 0, 1 + 2L * random.nextInt(8) << low);
    splat(vector, 1, 1 + 2L * random.nextInt(8) << shift - 1 - low);
    splat(vector, 2, shift);
    code.with(vector, "scale", Map.of("to", 3L, "from", 0L, "scale", 1L)).end();
    code.idle(longest);
  }

  private void splat(Slot vector, long to, long value) {
    code.with(vector, "splat", Map.of("to", to, "value", value)).end();
    code.idle(longest);
  }

  private void keep(Slot store, long from) {
    code.with(
            store,
            "store",
            Map.of(
                "base",
                base(store),
                "step",
                (long) machine.pieces(),
                "post",
                1L,
                "pattern",
                0L,
                "from",
                from,
                "pieces",
                (long) machine.pieces()))
        .end();
  }
}
