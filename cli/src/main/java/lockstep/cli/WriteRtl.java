// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import lockstep.arch.Architecture;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.rtl.delivery.Example;
import lockstep.rtl.delivery.RtlPackage;
import lockstep.rtl.vliw.ExampleKernel;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.store.AtomicFile;
import lockstep.sweep.systolic.SystolicDevice;
import lockstep.sweep.verify.Execution;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code explore rtl FILE -o FOLDER}: the machine as Verilog with all that is needed to use it, and
 * as example, simulated, the first drawn network that fits a systolic machine or a matrix product
 * for a VLIW machine.
 */
@Command(
    description =
        "Writes a machine as Verilog, one module a file, with register map, test bench, make file,"
            + " FuseSoC core and an example program.",
    mixinStandardHelpOptions = true)
final class WriteRtl implements Callable<Integer> {
  private static final int DRAWS = 40;
  private static final int LAYERS = 3;
  private static final int LARGEST = 8;
  private static final long SEED = 1;

  @Parameters(paramLabel = "FILE", description = "a machine file")
  private Path file = Path.of("");

  @Option(names = "-o", paramLabel = "FOLDER", required = true, description = "where to write")
  private Path folder = Path.of("");

  @Mixin private final MachineFile machine = new MachineFile();
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Architecture architecture = machine.load(file).architecture();
    Optional<Example> example =
        switch (architecture) {
          case SystolicArchitecture systolic -> example(systolic);
          case VliwArchitecture vliw -> example(vliw);
        };
    RtlPackage.of(architecture, example).forEach(this::write);
    if (example.isEmpty()) {
      command
          .commandLine()
          .getErr()
          .println(architecture.name() + ": nothing small fits, so there is no example program");
    }
    return 0;
  }

  private void write(String name, byte[] bytes) {
    Path target = folder.resolve(name);
    AtomicFile.write(target, bytes);
    command.commandLine().getOut().println(target);
  }

  private static Optional<Example> example(SystolicArchitecture machine) {
    String hash = SystolicCompiler.hash(ResolvedYaml.of(machine));
    for (int seed = 1; seed <= DRAWS; seed++) {
      var network = RandomNetwork.draw(new SplittableRandom(seed), LAYERS, LARGEST);
      CompiledModel model;
      try {
        model = SystolicCompiler.compile(network, machine, hash);
      } catch (UserError unfit) {
        continue;
      }
      var execution =
          Execution.of(new SystolicDevice(machine), model, Execution.drawnInputs(model, seed));
      if (execution.stretches().size() == 1) {
        var stretch = execution.stretches().getFirst();
        return Optional.of(new Example(machine, stretch.program(), stretch.run()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Example> example(VliwArchitecture machine) {
    return ExampleKernel.of(machine, SEED)
        .map(ExampleKernel::program)
        .map(p -> new Example(machine, p, VliwSimulator.run(machine, p, true).result()));
  }
}
