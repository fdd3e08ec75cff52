// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.FixedPoint;
import lockstep.isa.systolic.ProgramCheck;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Halt;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicInstruction.Store;
import lockstep.rtl.VerilatedModel.Variant;
import lockstep.rtl.systolic.SystolicVerilog;
import lockstep.sim.RunResult;
import lockstep.sim.systolic.SystolicSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Patches that load cuts out of image lines, each line read once, come back from the scratchpad
 * through weights of one as the rule says that they lie there.
 */
class PatchLoadsTest {
  private static final SystolicArchitecture MACHINE = Machines.small();
  private static final int LANES = MACHINE.array().rows();
  private static final int WEIGHT_ROW = MACHINE.scratchpad().rowsPerBank();
  private static final int ONES = 8192;
  private static final int PARAMETERS = ONES + 128;
  private static final int IMAGE = ONES + 256;
  private static final int OUTPUT = 1 << 15;
  private static final int DRAWS = 60;
  private static final int ROWS_AT_A_TIME = 50;

  @TempDir static Path cache;

  /**
   * @param stride input lines from result line to result line
   * @param kernel kernel lines of {@code bytes} bytes
   * @param top lines of padding above
   * @param height lines of the image
   * @param lineBytes from line to line
   * @param first first real byte of a line
   * @param last byte after the last real one
   */
  private record Draw(
      int stride,
      int kernel,
      int bytes,
      int results,
      int lines,
      int step,
      int top,
      int height,
      int lineBytes,
      int first,
      int last,
      byte[] image) {

    static Draw of(Random random) {
      int bytes = 1 + random.nextInt(3 * LANES);
      int results = 1 + random.nextInt(3);
      int step = random.nextInt(bytes + 3);
      int extent = (results - 1) * step + bytes;
      byte[] image = new byte[1 << 12];
      random.nextBytes(image);
      return new Draw(
          1 + random.nextInt(3),
          1 + random.nextInt(5),
          bytes,
          results,
          1 + random.nextInt(3),
          step,
          random.nextInt(3),
          1 + random.nextInt(9),
          extent + random.nextInt(5),
          random.nextInt(3),
          extent - random.nextInt(3),
          image);
    }

    int plane() {
      return lines * results;
    }

    int rows() {
      return Math.ceilDiv(kernel * bytes, LANES) * plane();
    }

    /**
     * The load of the input lines that are {@code remainder} more than a multiple of the stride.
     */
    Load load(int remainder, boolean signalExecute) {
      int copies = Math.ceilDiv(kernel - remainder, stride);
      int of = lines + copies - 1;
      int firstLine = Math.clamp(Math.ceilDiv(top - remainder, stride), 0, of);
      int lastLine = Math.clamp(Math.ceilDiv(height + top - remainder, stride), 0, of);
      int lane = remainder * bytes;
      int next = stride * bytes;
      return new Load(
          0,
          0,
          signalExecute,
          false,
          IMAGE + 512 + (remainder - top) * lineBytes,
          false,
          lane / LANES * plane(),
          lane % LANES,
          of,
          stride * lineBytes,
          results,
          results,
          step,
          1,
          copies,
          next / LANES * plane(),
          bytes,
          firstLine,
          lastLine,
          first,
          last,
          -7,
          false,
          next % LANES,
          plane());
    }

    /** What lies in byte {@code lane} of a row, 0 where nothing was written. */
    byte expected(int row, int lane) {
      int at = row / plane() * LANES + lane;
      int result = row % plane();
      int offset = result % results * step + at % bytes;
      int line = result / results * stride + at / bytes - top;
      if (at / bytes >= kernel) {
        return 0;
      }
      boolean real = 0 <= line && line < height && first <= offset && offset < last;
      return real ? image[512 + line * lineBytes + offset] : -7;
    }
  }

  private static List<Draw> draws() {
    Random random = new Random(1);
    List<Draw> draws = new ArrayList<>();
    while (draws.size() < DRAWS) {
      Draw draw = Draw.of(random);
      boolean legal = true;
      for (int r = 0; r < Math.min(draw.stride(), draw.kernel()); r++) {
        legal &=
            ProgramCheck.firstFault(MACHINE, List.of(draw.load(r, false), new Halt())).isEmpty();
      }
      if (legal) {
        draws.add(draw);
      }
    }
    return draws;
  }

  private static ProgramBuilder program(Draw draw) {
    FixedPoint.Scale one = FixedPoint.scale(1.0);
    ByteBuffer parameters = ByteBuffer.allocate(8 * LANES).order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; n < LANES; n++) {
      parameters.putInt(0).putInt(one.multiplier() | one.shift() << 24);
    }
    ProgramBuilder program =
        new ProgramBuilder(MACHINE, 1 << 16)
            .data(ONES, new byte[] {1, 1, 1, 1})
            .data(PARAMETERS, parameters.array())
            .data(IMAGE, draw.image())
            .add(constants(PARAMETERS, true, 0, 1, 8 * LANES, false))
            .add(constants(ONES, false, WEIGHT_ROW, LANES, LANES, true));
    int loads = Math.min(draw.stride(), draw.kernel());
    for (int r = 0; r < loads; r++) {
      program.add(draw.load(r, r == loads - 1));
    }
    for (int row = 0; row < draw.rows(); row += ROWS_AT_A_TIME) {
      int rows = Math.min(ROWS_AT_A_TIME, draw.rows() - row);
      program.add(execute(row, rows)).add(store(row, rows));
    }
    return program;
  }

  private static Load constants(
      int address, boolean parameters, int row, int windows, int bytes, boolean diagonal) {
    return new Load(
        0,
        0,
        false,
        false,
        address,
        parameters,
        row,
        0,
        1,
        0,
        0,
        windows,
        0,
        1,
        1,
        0,
        bytes,
        0,
        1,
        0,
        bytes,
        0,
        diagonal,
        0,
        0);
  }

  private static Execute execute(int row, int rows) {
    boolean first = row == 0;
    return new Execute(
        first ? 1 : 0,
        first ? 0 : 1,
        false,
        true,
        false,
        false,
        false,
        row,
        WEIGHT_ROW,
        0,
        LANES,
        1,
        rows,
        0,
        1,
        1,
        1,
        1,
        0,
        0,
        0);
  }

  private static Store store(int row, int rows) {
    return new Store(
        0,
        1,
        false,
        true,
        OUTPUT + row * LANES,
        0,
        0,
        0,
        false,
        0,
        1,
        rows,
        1,
        1,
        1,
        1,
        0,
        0,
        1,
        rows,
        LANES,
        0,
        -128,
        127,
        0,
        0,
        1 << 15,
        0,
        false,
        0,
        0,
        0,
        0);
  }

  @Test
  void lieWhereExecuteReadsThem() {
    for (Draw draw : draws()) {
      byte[] memory = SystolicSimulator.run(MACHINE, program(draw).build(), true).result().memory();
      for (int row = 0; row < draw.rows(); row++) {
        for (int lane = 0; lane < LANES; lane++) {
          assertThat(memory[OUTPUT + row * LANES + lane])
              .as("row %d, lane %d of %s", row, lane, draw)
              .isEqualTo(draw.expected(row, lane));
        }
      }
    }
  }

  @Test
  void areTheSameInTheMachine() throws Exception {
    Tools.assumeInstalled("verilator");
    assertThat(firstDifference(SystolicVerilog.generate(MACHINE))).isEmpty();
  }

  @Test
  void aBeatTooFewAtHandIsFound() throws Exception {
    Tools.assumeInstalled("verilator");
    Map<String, String> files = new TreeMap<>(SystolicVerilog.generate(MACHINE));
    String from = "age[1] ? (age[0] ? taken_3 : taken_2)";
    assertThat(files.get("systolic_load_fill.sv")).containsOnlyOnce(from);
    files.computeIfPresent(
        "systolic_load_fill.sv", (name, text) -> text.replace(from, "age[1] ? taken_2"));
    assertThat(firstDifference(files)).isPresent();
  }

  private static Optional<String> firstDifference(Map<String, String> files) throws Exception {
    var model = VerilatedModel.build(new MachineVerilog<>(MACHINE, files), cache, Variant.QUICK);
    for (Draw draw : draws()) {
      var program = program(draw).build();
      RunResult simulated = SystolicSimulator.run(MACHINE, program, true).result();
      RtlRun rtl = model.run(program, 2 * simulated.cycles() + 10_000, null);
      Optional<Divergence> found = Lockstep.compare(simulated, rtl, program, MACHINE);
      if (found.isPresent()) {
        return Optional.of(draw + ": " + found.get().text());
      }
    }
    return Optional.empty();
  }
}
