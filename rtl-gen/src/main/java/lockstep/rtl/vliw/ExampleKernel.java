// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.vliw.BundleCode;
import lockstep.compiler.vliw.Operation;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.compiler.vliw.PipelinedLoop;
import lockstep.compiler.vliw.Register;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.BundleStream;
import lockstep.isa.Format;
import lockstep.isa.Stream;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.TransferField;
import lockstep.isa.vliw.VliwIsa;

/**
 * A small program for any VLIW machine, a matrix product in a loop whose rounds overlap.
 *
 * <pre>
 * left   [rounds][2]   operands of the matrix unit, codes
 * right  [2]           operands, codes
 * sums   [rounds]      left[i][0] right[0] + left[i][1] right[1]
 * </pre>
 *
 * The three lie one behind the other, in off-chip memory from 0 on and in local memory: left and
 * right go in, sums go out.
 *
 * @param program with drawn codes
 * @param rounds of the loop
 */
public record ExampleKernel(Program program, int rounds) {
  private static final int MOST_ROUNDS = 16;
  private static final int PRODUCTS = 2;
  private static final int PAGE = 4096;
  private static final Register LEFT = new Register(File.SCALAR, 0, 1);
  private static final Register RIGHT = new Register(File.SCALAR, 1, 1);
  private static final Register SUMS = new Register(File.SCALAR, 2, 1);

  /** The program with the most rounds that fit, if any do. */
  public static Optional<ExampleKernel> of(VliwArchitecture machine, long seed) {
    for (int rounds = MOST_ROUNDS; rounds > 0; rounds /= 2) {
      try {
        return Optional.of(new Maker(machine, rounds).kernel(seed));
      } catch (UserError unfit) {
        continue;
      }
    }
    return Optional.empty();
  }

  private static final class Maker {
    private final VliwArchitecture machine;
    private final int rounds;
    private final int width;
    private final long mostStep;
    private final int leftBytes;
    private final int rightBytes;
    private final int sumsBytes;
    private final List<Operation> round = new ArrayList<>();
    private int id = 3;

    Maker(VliwArchitecture machine, int rounds) {
      this.machine = machine;
      this.rounds = rounds;
      width = machine.registers().vector().widthBytes();
      Slot slot =
          VliwIsa.of(machine).slots().stream()
              .filter(each -> each.kind() == SlotKind.LOAD)
              .findFirst()
              .orElseThrow();
      Format load = slot.operations().format("load");
      mostStep = load.fields().get(load.index("step")).max();
      leftBytes = PRODUCTS * machine.leftVectors() * width;
      rightBytes = PRODUCTS * machine.rightVectors() * width;
      sumsBytes = machine.accumulatorParts() * width;
    }

    private int rightAt() {
      return rounds * leftBytes;
    }

    private int sumsAt() {
      return rightAt() + rightBytes;
    }

    ExampleKernel kernel(long seed) {
      int bytes = sumsAt() + rounds * sumsBytes;
      require(bytes <= machine.localMemory().capacityBytes(), "local memory");
      round();
      PipelinedLoop loop =
          PipelinedLoop.of(machine, round, rounds, Map.of(LEFT, 0, RIGHT, 1, SUMS, 2));
      require(loop.body() <= machine.instructionMemory(), "instruction memory");
      var code = new BundleCode(machine);
      transfer(code, 0, 0, sumsAt());
      set(code, LEFT, 0);
      set(code, RIGHT, rightAt());
      set(code, SUMS, sumsAt());
      code.settle();
      code.append(loop);
      transfer(code, 1, sumsAt(), rounds * sumsBytes);
      code.append(SlotKind.SCALAR, "halt", Map.of());

      byte[] data = new byte[sumsAt()];
      new SplittableRandom(seed).nextBytes(data);
      byte[] stream = BundleStream.compress(code.words(), VliwIsa.of(machine).bytes());
      int base = (bytes + PAGE - 1) / PAGE * PAGE;
      int end = base + (stream.length + PAGE - 1) / PAGE * PAGE;
      require(end <= machine.memory().capacityBytes(), "memory");
      return new ExampleKernel(program(code.count(), data, stream, base, end), rounds);
    }

    private void require(boolean fits, String what) {
      if (!fits) {
        throw new UserError(
            "%s: %d rounds do not fit into %s".formatted(machine.name(), rounds, what));
      }
    }

    private void round() {
      Register sums = new Register(File.ACCUMULATOR, id++, 1);
      for (int k = 0; k < PRODUCTS; k++) {
        Register left = operand(LEFT, machine.leftVectors(), k);
        Register right = operand(RIGHT, machine.rightVectors(), k);
        round.add(
            new Operation(
                SlotKind.MATRIX,
                "multiply",
                Map.of("add", (long) Math.min(k, 1)),
                List.of(
                    Access.of("left", left, Use.READ),
                    Access.of("right", right, Use.READ),
                    Access.of("to", sums, k == 0 ? Use.WRITE : Use.ADD))));
      }
      for (int part = 0; part < machine.accumulatorParts(); part++) {
        Register vector = new Register(File.VECTOR, id++, 1);
        round.add(
            new Operation(
                SlotKind.VECTOR,
                "sums",
                Map.of("part", (long) part),
                List.of(Access.of("from", sums, Use.READ), Access.of("to", vector, Use.WRITE))));
        round.add(
            new Operation(
                SlotKind.STORE,
                "store",
                Map.of("step", step(part), "pieces", (long) machine.pieces()),
                List.of(Access.of("base", SUMS, Use.READ), Access.of("from", vector, Use.READ))));
      }
      round.add(advance(LEFT, leftBytes));
      round.add(advance(SUMS, sumsBytes));
    }

    /** Loads an operand of product {@code k}. */
    private Register operand(Register base, int vectors, int k) {
      Register operand = new Register(File.VECTOR, id++, vectors);
      for (int i = 0; i < vectors; i++) {
        round.add(
            new Operation(
                SlotKind.LOAD,
                "load",
                Map.of("step", step(k * vectors + i)),
                List.of(
                    Access.of("base", base, Use.READ), new Access("to", operand, i, 1, Use.PART))));
      }
      return operand;
    }

    /** Words from a base to the vector of that number behind it. */
    private long step(int vector) {
      long step = (long) vector * machine.pieces();
      require(step <= mostStep, "the steps of loads and stores");
      return step;
    }

    private static Operation advance(Register base, long bytes) {
      return new Operation(
          SlotKind.SCALAR,
          "addi",
          Map.of("value", bytes),
          List.of(Access.of("a", base, Use.READ), Access.of("to", base, Use.WRITE)));
    }

    private static void set(BundleCode code, Register register, long value) {
      code.append(SlotKind.SCALAR, "li", Map.of("to", (long) register.id(), "value", value));
    }

    private static void transfer(BundleCode code, long direction, long address, long bytes) {
      set(code, TransferField.MEMORY, address);
      set(code, TransferField.LOCAL, address);
      set(code, TransferField.BYTES, bytes);
      set(code, TransferField.COUNT1, 1);
      set(code, TransferField.COUNT2, 1);
      set(code, TransferField.COUNT3, 1);
      code.append(SlotKind.DMA, "start", Map.of("direction", direction));
      code.append(SlotKind.DMA, "wait", Map.of("direction", direction, "most", 0L));
    }

    private static void set(BundleCode code, TransferField field, long value) {
      code.append(SlotKind.DMA, "set", Map.of("field", (long) field.ordinal(), "value", value));
    }

    private Program program(int bundles, byte[] data, byte[] stream, int base, int end) {
      return new Program(
          "example",
          "",
          Stream.BUNDLES,
          VliwIsa.of(machine).bytes(),
          base,
          bundles,
          List.of(new Program.Segment(0, data), new Program.Segment(base, stream)),
          end,
          List.of(
              new Program.Region("operands", Program.Region.Kind.INPUT, 0, data.length),
              new Program.Region(
                  "sums", Program.Region.Kind.OUTPUT, sumsAt(), (long) rounds * sumsBytes)),
          new int[bundles],
          List.of(
              new Program.LayerInfo(
                  "product",
                  (long) rounds * PRODUCTS * machine.slots().matrix().macs(),
                  "by hand",
                  "",
                  0,
                  "nothing",
                  0,
                  "",
                  Program.Stripes.NONE)));
    }
  }
}
