// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.verify;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.rtl.Divergence;
import lockstep.rtl.Lockstep;
import lockstep.rtl.MachineVerilog;
import lockstep.rtl.VerilatedModel;
import lockstep.rtl.VerilatedModel.Variant;
import lockstep.sim.RunResult;

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
public record Verification(
    long cycles,
    long instructions,
    Optional<String> wrongOutput,
    Optional<DivergentStretch> divergent) {
  private static final long SHORT_MACS = 50_000_000;

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
   * @throws lockstep.arch.UserError when the Verilog cannot be run at all
   */
  public static Verification of(
      DeviceUnderTest device, CompiledModel model, VerilatedModel verilog, long seed)
      throws InterruptedException {
    var inputs = Execution.drawnInputs(model, seed);
    var simulated = Execution.of(device, model, inputs);
    var expected = Interpreter.run(model.network(), inputs);
    var wrong =
        simulated.outputs().entrySet().stream()
            .filter(each -> !Arrays.equals(each.getValue(), expected.get(each.getKey())))
            .map(each -> each.getKey())
            .findFirst();
    long cycles = 0;
    long instructions = 0;
    for (Execution.Stretch each : simulated.stretches()) {
      cycles += each.run().cycles();
      instructions += each.program().instructionCount();
      var divergent = compare(device, each.program(), each.run(), verilog);
      if (divergent.isPresent()) {
        return new Verification(cycles, instructions, wrong, divergent);
      }
    }
    return new Verification(cycles, instructions, wrong, Optional.empty());
  }

  /** Compares the run of one program. */
  static Optional<DivergentStretch> compare(
      DeviceUnderTest device, Program program, RunResult simulated, VerilatedModel verilog)
      throws InterruptedException {
    return Lockstep.compare(
            simulated, verilog.run(program, mostCycles(simulated), null), program, device.machine())
        .map(found -> new DivergentStretch(program, found));
  }

  /** Verilog that has not ended by then never will, whatever the speed of the computer. */
  private static long mostCycles(RunResult simulated) {
    return 2 * simulated.cycles() + 10_000;
  }

  /**
   * Builds a machine's Verilog, or takes it from the cache.
   *
   * @param model what will run; one of few multiply-accumulates gets a build that is ready sooner
   */
  public static VerilatedModel build(MachineVerilog<?> verilog, CompiledModel model, Path cache)
      throws InterruptedException {
    long macs =
        model.programs().stream()
            .flatMap(program -> program.layers().stream())
            .mapToLong(Program.LayerInfo::macs)
            .sum();
    return VerilatedModel.build(verilog, cache, macs <= SHORT_MACS ? Variant.QUICK : Variant.FAST);
  }
}
