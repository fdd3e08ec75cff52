// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lockstep.arch.MachineSpec;
import lockstep.arch.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore validate FILE...}: every mistake of every file, or one line that it is right. */
@Command(
    description = "Checks machine files and says every mistake with its line and column.",
    mixinStandardHelpOptions = true)
final class Validate implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "machine files")
  private final List<Path> files = new ArrayList<>();

  @Mixin private final MachineFile machine = new MachineFile();

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    int exitCode = 0;
    var out = command.commandLine().getOut();
    for (var file : files) {
      try {
        out.println(file + ": ok, " + describe(machine.load(file)));
      } catch (UserError mistake) {
        out.flush();
        command.commandLine().getErr().println(mistake.getMessage());
        exitCode = mistake.exitCode();
      }
    }
    return exitCode;
  }

  private static String describe(MachineSpec spec) {
    var study = spec.sweep().isPresent() ? " with a study" : "";
    return "machine " + spec.architecture().name() + study;
  }
}
