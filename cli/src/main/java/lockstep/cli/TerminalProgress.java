// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import lockstep.sweep.Progress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress on stderr: a bar with the time left on a terminal, else one line when a stage begins.
 */
final class TerminalProgress implements Progress, AutoCloseable {
  private final PrintWriter err;
  private final boolean terminal = onTerminal();
  private @Nullable ProgressBar bar;

  TerminalProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public synchronized void begin(String stage, int steps) {
    if (steps == 0) {
      return;
    }
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(stage)
              .setInitialMax(steps)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(250)
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    } else {
      err.println(stage + ": " + steps);
    }
  }

  @Override
  public synchronized void step() {
    if (bar != null) {
      bar.step();
    }
  }

  @Override
  public synchronized void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public synchronized void note(String text) {
    err.println(text);
  }

  @Override
  public void close() {
    end();
  }

  private static boolean onTerminal() {
    Path errors = Path.of("/proc/self/fd/2");
    if (!Files.isSymbolicLink(errors)) {
      return System.console() != null && System.console().isTerminal();
    }
    try {
      var target = Files.readSymbolicLink(errors).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
