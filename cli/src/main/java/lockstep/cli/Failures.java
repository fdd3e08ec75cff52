// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the user sees of a failure: one message and an exit code, never a stack trace. */
final class Failures {
  /** A mistake in Lockstep itself, after {@code EX_SOFTWARE} of sysexits.h. */
  static final int INTERNAL = 70;

  private Failures() {}

  /** A command line that the verb does not understand. */
  static int usage(ParameterException failure, String[] arguments) {
    var command = failure.getCommandLine();
    var err = command.getErr();
    if (failure.getCause() instanceof UserError mistake) {
      return report(mistake, err);
    }
    err.println(command.getCommandName() + ": " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try: " + command.getCommandName() + " --help");
    return UserError.BAD_INPUT;
  }

  /** Anything that ended a verb. */
  static int report(Throwable failure, PrintWriter err) {
    return switch (failure) {
      case UserError mistake -> {
        err.println(mistake.getMessage());
        yield mistake.exitCode();
      }
      case UncheckedIOException wrapped when wrapped.getCause() != null ->
          report(wrapped.getCause(), err);
      case ExecutionException wrapped when wrapped.getCause() != null ->
          report(wrapped.getCause(), err);
      case CompletionException wrapped when wrapped.getCause() != null ->
          report(wrapped.getCause(), err);
      case IOException io -> {
        err.println(describe(io));
        yield UserError.BAD_INPUT;
      }
      case OutOfMemoryError memory -> {
        err.println(
            "explore: out of memory; allow more, for example EXPLORE_JAVA_OPTS=-Xmx4g explore ...");
        yield INTERNAL;
      }
      default -> internal(failure, err);
    };
  }

  private static String describe(IOException failure) {
    return (failure instanceof FileSystemException problem ? problem.getFile() + ": " : "")
        + FileFailure.words(failure);
  }

  private static int internal(Throwable failure, PrintWriter err) {
    err.println("explore: internal error: " + failure);
    try {
      var log = Files.createTempFile("explore-", ".log");
      try (var writer = new PrintWriter(Files.newBufferedWriter(log))) {
        writer.println("explore " + Explore.version() + ", Java " + Runtime.version());
        failure.printStackTrace(writer);
      }
      err.println("This is a mistake in explore, not yours; the details are in " + log);
    } catch (IOException e) {
      err.println("This is a mistake in explore, not yours; no log could be written: " + e);
    }
    return INTERNAL;
  }
}
