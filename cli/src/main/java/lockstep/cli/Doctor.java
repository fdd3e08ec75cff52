// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.IOException;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code explore doctor}: what is installed, what is missing, what for, and how to get it. */
@Command(
    description = "Lists what is installed, what is missing, what it is for and how to get it.",
    mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
  private static final String ROW = "%-18s %-9s %-26s %s%n";

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    var out = command.commandLine().getOut();
    out.printf(ROW, "tool", "state", "version", "needed for");
    out.printf(ROW, "java", "ok", Runtime.version(), "everything");
    var missing = new TreeSet<String>();
    for (var tool : Tool.ALL) {
      var path = tool.find();
      if (path.isEmpty()) {
        missing.add(tool.aptPackage());
        out.printf(ROW, tool.name(), "missing", "-", tool.purpose());
        continue;
      }
      try {
        out.printf(ROW, tool.name(), "ok", tool.version(), tool.purpose());
      } catch (IOException failure) {
        missing.add(tool.aptPackage());
        out.printf(ROW, tool.name(), "broken", "-", tool.purpose());
        out.println("  " + path.get() + " " + failure.getMessage());
      }
    }
    out.println();
    out.println(
        missing.isEmpty()
            ? "Nothing is missing."
            : "To get what is missing:  sudo apt-get install " + String.join(" ", missing));
    return 0;
  }
}
