// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lockstep.arch.UserError;

/** An installed program that this module calls: Verilator, Yosys, make, or a built model. */
public final class Tool {
  private static final int SHOWN_LINES = 20;

  private final String command;
  private final String debianPackages;

  /**
   * @param command name on the PATH
   * @param debianPackages what to install if it is missing
   */
  public Tool(String command, String debianPackages) {
    this.command = command;
    this.debianPackages = debianPackages;
  }

  /** True if the program is on the PATH. */
  public boolean installed() {
    String path = System.getenv("PATH");
    if (path == null) {
      return false;
    }
    for (String folder : path.split(java.io.File.pathSeparator)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, command))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Nothing if the program is there.
   *
   * @throws UserError with exit code 3 and the command that installs it
   */
  public void require() {
    if (!installed()) {
      throw new UserError(
          "%s is not installed; install it with: apt-get install -y %s"
              .formatted(command, debianPackages),
          UserError.MISSING_TOOL);
    }
  }

  /** First line of {@code command --version}. */
  public String version() {
    require();
    try {
      Process p = new ProcessBuilder(command, "--version").redirectErrorStream(true).start();
      String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse(command);
    } catch (IOException e) {
      throw new UserError("cannot run %s: %s".formatted(command, e.getMessage()));
    }
  }

  /** How a call ended: its exit status and everything it printed. */
  public record Outcome(int status, String output) {
    /** The lines that say what went wrong, or else the last ones. */
    public String brief() {
      List<String> lines = output.lines().toList();
      List<String> errors = lines.stream().filter(l -> l.contains("rror")).toList();
      List<String> shown = errors.isEmpty() ? lines : errors;
      return String.join(
          "\n", shown.subList(Math.max(0, shown.size() - SHOWN_LINES), shown.size()));
    }
  }

  /**
   * Runs a command to its end.
   *
   * @throws UserError with exit code 1 if it takes longer than {@code timeout}; it is ended then
   */
  public static Outcome call(List<String> command, Path folder, Duration timeout)
      throws InterruptedException {
    Path log = null;
    try {
      log = Files.createTempFile("lockstep-", ".log");
      Process p =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        if (!p.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new UserError(
              "%s did not end within %d s".formatted(command.getFirst(), timeout.toSeconds()),
              UserError.CHECK_FAILED);
        }
      } finally {
        p.descendants().forEach(ProcessHandle::destroyForcibly);
        p.destroyForcibly();
      }
      return new Outcome(p.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UserError("cannot run %s: %s".formatted(command.getFirst(), e.getMessage()));
    } finally {
      delete(log);
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path log) {
    if (log != null) {
      log.toFile().delete();
    }
  }
}
