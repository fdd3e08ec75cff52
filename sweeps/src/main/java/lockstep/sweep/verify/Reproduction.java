// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import lockstep.arch.Architecture;
import lockstep.arch.MachineSpec;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.rtl.MachineVerilog;
import lockstep.rtl.VerilatedModel;
import lockstep.rtl.VerilatedModel.Variant;
import lockstep.sim.ProgramFault;
import lockstep.sweep.store.AtomicFile;
import lockstep.sweep.verify.RandomVerification.Mismatch;
import lockstep.sweep.verify.Verification.DivergentStretch;

/**
 * A folder with what is needed to see a divergence again.
 *
 * <pre>
 *   machine.yaml     the machine, every default filled in
 *   model.onnx       the model, if one was drawn
 *   program/         the program with the memory it started from
 *   divergence.txt   what differs, and the commands that find it again
 *   window.vcd       the Verilog's signals around the first difference; time 10 is one cycle
 * </pre>
 */
public final class Reproduction {
  private static final String MACHINE = "machine.yaml";
  private static final String MODEL = "model.onnx";
  private static final String PROGRAM = "program";
  private static final String DIVERGENCE = "divergence.txt";
  private static final String WINDOW = "window.vcd";
  private static final long BEFORE = 200;
  private static final long AFTER = 50;

  private Reproduction() {}

  /**
   * Writes the folder. Where only interpreter and simulator differ there is neither program nor
   * waveform.
   *
   * @param how the command that found it
   */
  public static void write(Path folder, Mismatch mismatch, String how, Path cache)
      throws InterruptedException {
    var verilog = mismatch.verilog();
    AtomicFile.write(folder.resolve(MACHINE), ResolvedYaml.of(verilog.machine()));
    String again = "found by: " + how + "\n";
    if (mismatch.model().isPresent()) {
      AtomicFile.write(folder.resolve(MODEL), mismatch.model().get());
      again +=
          "the model again: explore verify %s --model %s --seed %d\n"
              .formatted(folder.resolve(MACHINE), folder.resolve(MODEL), mismatch.seed());
    }
    if (mismatch.divergent().isPresent()) {
      var found = mismatch.divergent().get();
      var text = DeviceUnderTest.of(verilog.machine()).text();
      ProgramFile.write(found.program(), text, folder.resolve(PROGRAM));
      again += "again: explore verify --again " + folder + "\n";
      AtomicFile.write(folder.resolve(DIVERGENCE), mismatch.text() + "\n\n" + again);
      writeWindow(folder.resolve(WINDOW), verilog, found, cache);
    } else {
      AtomicFile.write(folder.resolve(DIVERGENCE), mismatch.text() + "\n\n" + again);
    }
  }

  private static void writeWindow(
      Path file, MachineVerilog<?> verilog, DivergentStretch found, Path cache)
      throws InterruptedException {
    long cycle = found.divergence().cycle();
    var window = new VerilatedModel.Window(file, Math.max(0, cycle - BEFORE), cycle + AFTER);
    VerilatedModel.build(verilog, cache, Variant.TRACED)
        .run(found.program(), window.to() + 1, window);
    if (!Files.exists(file)) {
      throw new UserError(file + ": could not be written");
    }
  }

  /**
   * Runs the program of a folder in the simulator and in the machine's Verilog.
   *
   * @param generator gives the Verilog
   * @return the divergence, empty if there is none any more
   */
  public static Optional<DivergentStretch> again(
      Path folder, Function<Architecture, MachineVerilog<?>> generator, Path cache)
      throws InterruptedException {
    MachineSpec spec = SpecLoader.load(folder.resolve(MACHINE), List.of());
    var program = ProgramFile.read(folder.resolve(PROGRAM));
    return again(folder, generator.apply(spec.architecture()), program, cache);
  }

  private static Optional<DivergentStretch> again(
      Path folder, MachineVerilog<?> verilog, Program program, Path cache)
      throws InterruptedException {
    var device = DeviceUnderTest.of(verilog.machine());
    int wordBytes = device.text().instructionBytes();
    if (program.wordBytes() != wordBytes) {
      throw new UserError(
          "%s: its instructions have %d bytes, those of the machine beside it %d"
              .formatted(folder.resolve(PROGRAM), program.wordBytes(), wordBytes));
    }
    try {
      var simulated = device.simulate(program);
      var model = VerilatedModel.build(verilog, cache, Variant.QUICK);
      return Verification.compare(device, program, simulated, model);
    } catch (ProgramFault e) {
      throw new UserError(folder.resolve(PROGRAM) + ": " + e.getMessage());
    }
  }
}
