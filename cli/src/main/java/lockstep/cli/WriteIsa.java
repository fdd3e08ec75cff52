// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import lockstep.isa.IsaPackage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore isa FILE -o FOLDER}: manual, C header and Verilog decode package. */
@Command(
    description = "Writes a machine's instruction set: manual, C header, Verilog decode package.",
    mixinStandardHelpOptions = true)
final class WriteIsa implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "a machine file")
  private Path file = Path.of("");

  @Option(names = "-o", paramLabel = "FOLDER", required = true, description = "where to write")
  private Path folder = Path.of("");

  @Mixin private final MachineFile machine = new MachineFile();
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    IsaPackage.write(machine.load(file).architecture(), folder)
        .forEach(command.commandLine().getOut()::println);
    return 0;
  }
}
