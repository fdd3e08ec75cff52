// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.InstructionSet;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.rtl.systolic.SystolicVerilog;
import lockstep.rtl.systolic.TestBench;
import lockstep.sim.RunResult;
import org.jspecify.annotations.Nullable;

/** The generated Verilog of one machine, built by Verilator with its test bench, ready to run. */
public final class VerilatedModel {
  /** Longest run unless the caller says otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

  private static final int STATUS_FAULT = 4;

  private final SystolicArchitecture architecture;
  private final Path program;

  private VerilatedModel(SystolicArchitecture architecture, Path program) {
    this.architecture = architecture;
    this.program = program;
  }

  /**
   * Generates and builds; a design built before by the same tools is taken from the cache.
   *
   * @param cache folder for builds, made if need be; several processes may use it at a time
   * @throws UserError exit code 3 if Verilator, make or g++ are missing; 1 if the build fails
   */
  public static VerilatedModel build(SystolicArchitecture architecture, Path cache)
      throws InterruptedException {
    return build(architecture, SystolicVerilog.generate(architecture), cache, Variant.FAST);
  }

  /** As {@link #build(SystolicArchitecture, Path)}, sooner built; runs slower. */
  public static VerilatedModel buildQuick(SystolicArchitecture architecture, Path cache)
      throws InterruptedException {
    return build(architecture, SystolicVerilog.generate(architecture), cache, Variant.QUICK);
  }

  /** As {@link #build(SystolicArchitecture, Path)}, able to write waveforms; runs slower. */
  public static VerilatedModel buildTraced(SystolicArchitecture architecture, Path cache)
      throws InterruptedException {
    return build(architecture, SystolicVerilog.generate(architecture), cache, Variant.TRACED);
  }

  /**
   * Builds the given text of the architecture's Verilog: the generated one, or one with a fault.
   */
  public static VerilatedModel build(
      SystolicArchitecture architecture, Map<String, String> verilog, Path cache, Variant variant)
      throws InterruptedException {
    Map<String, String> files = new LinkedHashMap<>(verilog);
    files.put(TestBench.FILE, TestBench.text(architecture.dma().widthBytes()));
    return new VerilatedModel(architecture, ModelCache.build(files, cache, variant));
  }

  /** What a model can do. */
  public enum Variant {
    FAST,
    /** Built in about half the time; runs slower, for short programs. */
    QUICK,
    /** Writes a VCD of a window of cycles. */
    TRACED
  }

  /** A waveform wanted: cycles {@code from .. to} of the run, into {@code file}. */
  public record Window(Path file, long from, long to) {}

  /** Runs a program with the off-chip memory of the architecture. */
  public RunResult run(Program program) throws InterruptedException {
    return run(program, DEFAULT_TIMEOUT, null);
  }

  /**
   * Runs a program.
   *
   * @param timeout real time after which the run is ended
   * @param window a waveform to write; needs a traced model
   * @throws UserError exit code 1 if the machine reports a fault, does not end, or retires other
   *     instructions than the program has
   */
  public RunResult run(Program program, Duration timeout, @Nullable Window window)
      throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("lockstep-rtl-");
      try {
        return run(program, folder, timeout, window, 0);
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UserError("cannot run the Verilog: " + e.getMessage());
    }
  }

  /**
   * Runs a program in an AXI system that stalls at random, drawn by {@code seed}: results are those
   * of {@link #run(Program)}, cycles are not.
   */
  public RunResult runStalling(Program program, long seed) throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("lockstep-rtl-");
      try {
        return run(program, folder, DEFAULT_TIMEOUT, null, Math.max(1, seed));
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UserError("cannot run the Verilog: " + e.getMessage());
    }
  }

  private RunResult run(
      Program program, Path folder, Duration timeout, @Nullable Window window, long jitter)
      throws IOException, InterruptedException {
    byte[] image = program.image();
    Path imageFile = Files.write(folder.resolve("image.bin"), image);
    Path result = folder.resolve("result.txt");
    Path dump = folder.resolve("memory.bin");
    List<String> command = new ArrayList<>(List.of(this.program.toString()));
    option(command, "--image", imageFile);
    option(command, "--program-address", program.base());
    option(command, "--instructions", program.instructionCount());
    option(command, "--latency", architecture.memory().latencyCycles());
    option(command, "--bytes-per-cycle", architecture.memory().bytesPerCycle());
    option(command, "--result", result);
    option(command, "--dump", dump);
    option(command, "--max-cycles", Long.MAX_VALUE);
    if (jitter != 0) {
      option(command, "--jitter", jitter);
    }
    if (window != null) {
      option(command, "--trace", window.file().toAbsolutePath());
      option(command, "--trace-from", window.from());
      option(command, "--trace-to", window.to());
    }
    Tool.Outcome outcome = Tool.call(command, folder, timeout);
    if (outcome.status() != 0) {
      throw new UserError(
          "the Verilog of %s stopped: %s".formatted(architecture.name(), outcome.brief()),
          UserError.CHECK_FAILED);
    }
    return result(program, image, Files.readString(result), Files.readAllBytes(dump));
  }

  private static void option(List<String> command, String name, Object value) {
    command.add(name);
    command.add(value.toString());
  }

  private RunResult result(Program program, byte[] image, String text, byte[] memory) {
    long cycles = 0;
    Map<String, Long> counters = new LinkedHashMap<>();
    Map<String, Deque<Long>> retired = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "cycles" -> cycles = Long.parseLong(words[1]);
        case "counter" -> counters.put(words[1], Long.parseLong(words[2]));
        case "retire" -> {
          Deque<Long> times = new ArrayDeque<>();
          Arrays.stream(words).skip(2).map(Long::valueOf).forEach(times::add);
          retired.put(words[1], times);
        }
        case "status" -> checkStatus(Integer.parseInt(words[1]));
        default -> throw new IllegalStateException("result line " + line);
      }
    }
    return new RunResult(cycles, retire(program, image, retired, cycles), counters, memory);
  }

  private void checkStatus(int status) {
    if ((status & STATUS_FAULT) != 0) {
      throw new UserError(
          "the Verilog of %s reports a fault: two rows of one memory bank were read in the same cycle"
              .formatted(architecture.name()),
          UserError.CHECK_FAILED);
    }
  }

  /** Each unit retires in order, so its k-th retirement is its k-th instruction. */
  private long[] retire(
      Program program, byte[] image, Map<String, Deque<Long>> retired, long cycles) {
    InstructionSet isa = SystolicIsa.of(architecture);
    long[] retire = new long[program.instructionCount()];
    for (int i = 0; i < retire.length; i++) {
      int offset = Math.toIntExact(program.base() + (long) i * isa.wordBytes());
      String unit = SystolicInstruction.decode(isa, image, offset).mnemonic();
      if (unit.equals("halt")) {
        retire[i] = cycles - 1;
        continue;
      }
      retire[i] =
          Optional.ofNullable(Objects.requireNonNull(retired.get(unit)).poll())
              .orElseThrow(() -> wrongNumber(unit, "fewer"));
    }
    retired.forEach(
        (unit, left) -> {
          if (!left.isEmpty()) {
            throw wrongNumber(unit, "more");
          }
        });
    return retire;
  }

  private UserError wrongNumber(String unit, String how) {
    return new UserError(
        "the Verilog of %s retired %s %s instructions than the program has"
            .formatted(architecture.name(), how, unit),
        UserError.CHECK_FAILED);
  }
}
