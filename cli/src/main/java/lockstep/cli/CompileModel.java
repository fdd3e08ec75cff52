// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import lockstep.sweep.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore compile MODEL --spec FILE -o FOLDER}: the model's programs as files. */
@Command(
    description = {
      "Compiles a model for a machine and writes its programs, one folder for each stretch",
      "between host layers: instruction words, memory image, address map, assembler text."
    },
    mixinStandardHelpOptions = true)
final class CompileModel implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "a model of the zoo, an .onnx or a .csv file")
  private String model = "";

  @Option(names = "--spec", paramLabel = "FILE", required = true, description = "a machine file")
  private Path spec = Path.of("");

  @Option(names = "-o", paramLabel = "FOLDER", required = true, description = "where to write")
  private Path folder = Path.of("");

  @Mixin private final MachineFile machine = new MachineFile();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var target = Target.of(machine.load(spec));
    var workload = options.load(model);
    var out = command.commandLine().getOut();
    target.writePrograms(workload, folder).forEach(out::println);
    workload.model().notes().forEach(command.commandLine().getErr()::println);
    return 0;
  }
}
