// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.rtl.Divergence;
import lockstep.rtl.Lockstep;
import lockstep.rtl.VerilatedModel;

/**
 * The three executions of one model on one machine, compared: integer interpreter and simulator by
 * their output bytes; simulator and Verilog by total cycles, the retire cycle of every instruction,
 * every counter and the final memory.
 *
 * @param cycles of all stretches, simulated
 * @param instructions of all stretches, HALTs included
 * @param wrongOutput name of the first output in which interpreter and simulator differ
 * @param divergent the first stretch in which simulator and Verilog differ
 */
public record SystolicVerification(
    long cycles,
    long instructions,
    Optional<String> wrongOutput,
    Optional<DivergentStretch> divergent) {
  private static final long SHORT_MACS = 50_000_000;
  private static final long SLOWEST_HZ = 2_000;

  /** A program on which simulator and Verilog differ, with the memory it started from. */
  public record DivergentStretch(Program program, Divergence divergence) {}

  /** Whether all three executions agree. */
  public boolean equal() {
    return wrongOutput.isEmpty() && divergent.isEmpty();
  }

  /** The verdict in words. */
  public String text() {
    if (divergent.isPresent()) {
      return "simulator and Verilog differ in "
          + divergent.get().program().name()
          + ":\n"
          + divergent.get().divergence().text();
    }
    return wrongOutput
        .map(each -> "simulator and interpreter differ in output " + each)
        .orElse(
            "equal: "
                + cycles
                + " cycles, the retire cycles of "
                + instructions
                + " instructions, all counters, final memory, and the interpreter's outputs");
  }

  /**
   * Runs and compares.
   *
   * @param verilog the machine's Verilog, built
   * @param seed of the model's inputs
   * @throws lockstep.arch.UserError when the Verilog does not end or reports a fault
   */
  public static SystolicVerification of(
      SystolicArchitecture machine, CompiledModel model, VerilatedModel verilog, long seed)
      throws InterruptedException {
    var inputs = SystolicExecution.drawnInputs(model, seed);
    var simulated = SystolicExecution.of(machine, model, inputs);
    var expected = Interpreter.run(model.network(), inputs);
    var wrong =
        simulated.outputs().entrySet().stream()
            .filter(each -> !Arrays.equals(each.getValue(), expected.get(each.getKey())))
            .map(each -> each.getKey())
            .findFirst();
    long cycles = 0;
    long instructions = 0;
    List<DivergentStretch> divergent = new ArrayList<>();
    for (SystolicExecution.Stretch each : simulated.stretches()) {
      cycles += each.run().result().cycles();
      instructions += each.program().instructionCount();
      Lockstep.compare(
              each.run().result(),
              verilog.run(each.program(), patience(each), null),
              each.program())
          .map(found -> new DivergentStretch(each.program(), found))
          .ifPresent(divergent::add);
    }
    return new SystolicVerification(cycles, instructions, wrong, divergent.stream().findFirst());
  }

  /** Verilog that has not ended by then, at {@value #SLOWEST_HZ} cycles a second, never will. */
  private static Duration patience(SystolicExecution.Stretch stretch) {
    return Duration.ofSeconds(20 + stretch.run().result().cycles() / SLOWEST_HZ);
  }

  /**
   * Builds the machine's Verilog, or takes it from the cache.
   *
   * @param model what will run; one of few multiply-accumulates gets a build that is ready sooner
   */
  public static VerilatedModel build(SystolicArchitecture machine, CompiledModel model, Path cache)
      throws InterruptedException {
    long macs =
        model.programs().stream()
            .flatMap(program -> program.layers().stream())
            .mapToLong(Program.LayerInfo::macs)
            .sum();
    return macs <= SHORT_MACS
        ? VerilatedModel.buildQuick(machine, cache)
        : VerilatedModel.build(machine, cache);
  }
}
