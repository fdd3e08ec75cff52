// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.Architecture;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;
import lockstep.compiler.program.Program;
import lockstep.rtl.bench.TestBench;
import lockstep.sim.RunResult;
import org.jspecify.annotations.Nullable;

/** The generated Verilog of one machine, built by Verilator with its test bench, ready to run. */
public final class VerilatedModel {
  /** For a run whose length nobody knows: no limit. */
  private static final long ANY_CYCLES = Long.MAX_VALUE;

  /** A backstop: no run is as long. What ends a machine that hangs is the limit of cycles. */
  private static final Duration LONGEST_RUN = Duration.ofHours(24);

  private static final int MACHINE_STOPPED = 4;
  private static final int TEST_BENCH_FAILED = 2;

  private final Architecture architecture;
  private final Path program;

  private VerilatedModel(Architecture architecture, Path program) {
    this.architecture = architecture;
    this.program = program;
  }

  /**
   * Generates and builds; a design built before by the same tools is taken from the cache.
   *
   * @param cache folder for builds, made if need be; several processes may use it at a time
   * @throws UserError exit code 3 if Verilator, make or g++ are missing; 1 if the build fails
   */
  public static VerilatedModel build(Architecture machine, Path cache) throws InterruptedException {
    return build(MachineVerilog.of(machine), cache, Variant.FAST);
  }

  /** As {@link #build(Architecture, Path)}, of the text given. */
  public static VerilatedModel build(MachineVerilog<?> verilog, Path cache, Variant variant)
      throws InterruptedException {
    Map<String, String> files = new LinkedHashMap<>(verilog.files());
    TestBench bench = Generator.of(verilog.machine()).bench();
    files.put(TestBench.FILE, bench.text());
    return new VerilatedModel(
        verilog.machine(), ModelCache.build(bench.top(), files, cache, variant));
  }

  /** What a model can do. */
  public enum Variant {
    FAST,
    /** Built in a third of the time; runs slower, for short programs. */
    QUICK,
    /** Writes a VCD of a window of cycles; as soon built, runs slower still. */
    TRACED
  }

  /** A waveform wanted: cycles {@code from .. to} of the run, into {@code file}. */
  public record Window(Path file, long from, long to) {}

  /**
   * Runs a program with the off-chip memory of the architecture, to its end.
   *
   * @throws UserError exit code 1 if the RTL has anything to complain about
   */
  public RunResult run(Program program) throws InterruptedException {
    return ended(run(program, ANY_CYCLES, null));
  }

  /**
   * Runs a program.
   *
   * @param mostCycles after which the machine is stopped
   * @param window a waveform to write; needs a traced model
   * @throws UserError if the model cannot be run at all
   */
  public RtlRun run(Program program, long mostCycles, @Nullable Window window)
      throws InterruptedException {
    return run(program, mostCycles, window, 0);
  }

  /**
   * Runs a program in an AXI system that stalls at random, drawn by {@code seed}: results are those
   * of {@link #run(Program)}, cycles are not.
   */
  public RunResult runStalling(Program program, long seed) throws InterruptedException {
    return ended(run(program, ANY_CYCLES, null, Math.max(1, seed)));
  }

  private RunResult ended(RtlRun run) {
    if (run.complaint().isPresent()) {
      throw new UserError(
          "the Verilog of %s %s".formatted(architecture.name(), run.complaint().get()),
          UserError.CHECK_FAILED);
    }
    return run.result();
  }

  private RtlRun run(Program program, long mostCycles, @Nullable Window window, long jitter)
      throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("lockstep-rtl-");
      try {
        return run(program, folder, mostCycles, window, jitter);
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UserError("cannot run the Verilog: " + FileFailure.words(e));
    }
  }

  private RtlRun run(
      Program program, Path folder, long mostCycles, @Nullable Window window, long jitter)
      throws IOException, InterruptedException {
    Generator generator = Generator.of(architecture);
    Path imageFile = Files.write(folder.resolve("image.bin"), program.image());
    Path result = folder.resolve("result.txt");
    Path dump = folder.resolve("memory.bin");
    List<String> command = new ArrayList<>(List.of(this.program.toString()));
    option(command, "--image", imageFile);
    option(command, "--program-address", program.base());
    option(command, "--program-bytes", generator.instructions(program).bytes());
    option(command, "--latency", architecture.memory().latencyCycles());
    option(command, "--bytes-per-cycle", architecture.memory().bytesPerCycle());
    option(command, "--result", result);
    option(command, "--dump", dump);
    option(command, "--max-cycles", mostCycles);
    if (jitter != 0) {
      option(command, "--jitter", jitter);
    }
    if (window != null) {
      option(command, "--trace", window.file().toAbsolutePath());
      option(command, "--trace-from", window.from());
      option(command, "--trace-to", window.to());
    }
    Tool.Outcome outcome = Tool.call(command, folder, LONGEST_RUN);
    if (outcome.status() != 0 && outcome.status() != MACHINE_STOPPED) {
      throw new UserError(
          "cannot run the Verilog of %s: exit code %d\n%s"
              .formatted(architecture.name(), outcome.status(), outcome.brief()),
          outcome.status() == TEST_BENCH_FAILED ? UserError.BAD_INPUT : UserError.CHECK_FAILED);
    }
    byte[] memory = outcome.status() == 0 ? Files.readAllBytes(dump) : null;
    return RtlReport.read(Files.readString(result), memory, program, generator);
  }

  private static void option(List<String> command, String name, Object value) {
    command.add(name);
    command.add(value.toString());
  }
}
