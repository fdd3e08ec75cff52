// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.util.concurrent.Callable;
import lockstep.arch.Family;
import lockstep.arch.SpecSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore schema [FAMILY]}: the JSON Schema, for editors and other tools. */
@Command(
    description = "Prints the JSON Schema (2020-12) of the machine files of one family.",
    mixinStandardHelpOptions = true)
final class PrintSchema implements Callable<Integer> {
  @Parameters(
      paramLabel = "FAMILY",
      arity = "0..1",
      defaultValue = "systolic",
      description = "one of: ${COMPLETION-CANDIDATES}; default systolic")
  private Family family = Family.SYSTOLIC;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    command.commandLine().getOut().print(SpecSchema.text(family));
    return 0;
  }
}
