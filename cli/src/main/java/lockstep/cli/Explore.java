// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import lockstep.arch.Spelling;
import lockstep.arch.UserError;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/**
 * The command {@code explore}: hands over to one verb and turns whatever happens there into an exit
 * code.
 *
 * <p>Exit codes: 0 done, 1 a check failed, 2 usage or bad input, 3 a missing tool, 70 a mistake in
 * Lockstep itself, 130 interrupted.
 */
public final class Explore {
  private static final String VERSION = "explore " + version();

  /** Earlier updates of 25 can move arrays that native code has pinned (JDK-8377811). */
  private static final Runtime.Version LEAST_JAVA = Runtime.Version.parse("25.0.3");

  private Explore() {}

  public static void main(String[] arguments) {
    var results = new ResultStream(new FileOutputStream(FileDescriptor.out));
    var out = new PrintWriter(results, false, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    var ended = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!ended.get()) {
                    System.err.println("\nexplore: interrupted; what is stored is kept");
                  }
                }));
    int exitCode;
    if (Runtime.version().compareToIgnoreOptional(LEAST_JAVA) < 0) {
      err.println("explore: needs Java " + LEAST_JAVA + " or later, this is " + Runtime.version());
      exitCode = UserError.MISSING_TOOL;
    } else {
      exitCode = run(out, err, arguments);
    }
    out.flush();
    if (results.lost().isPresent()) {
      err.println("standard output: cannot be written: " + results.lost().get());
      exitCode = exitCode == 0 ? UserError.BAD_INPUT : exitCode;
    }
    err.flush();
    ended.set(true);
    System.exit(exitCode);
  }

  /** Runs one command line; results go to {@code out}, everything else to {@code err}. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    if (arguments.length == 0) {
      printHelp(err);
      return UserError.BAD_INPUT;
    }
    var word = arguments[0];
    switch (word) {
      case "-h", "--help", "help" -> {
        if (arguments.length > 1) {
          return run(out, err, arguments[1], "--help");
        }
        printHelp(out);
        return 0;
      }
      case "-V", "--version" -> {
        out.println(VERSION);
        return 0;
      }
      default -> {
        var verb = Verbs.named(word);
        if (verb.isEmpty()) {
          return refuse(err, word);
        }
        return run(verb.get(), out, err, Arrays.copyOfRange(arguments, 1, arguments.length));
      }
    }
  }

  private static int run(Verb verb, PrintWriter out, PrintWriter err, String[] arguments) {
    try {
      return commandLine(verb, out, err).execute(arguments);
    } catch (Error e) {
      return Failures.report(e, err);
    }
  }

  /** A verb ready to run, its failures turned into exit codes. */
  static CommandLine commandLine(Verb verb, PrintWriter out, PrintWriter err) {
    return new CommandLine(verb.command().get())
        .setCommandName("explore " + verb.name())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .registerConverter(Path.class, Explore::path)
        .setParameterExceptionHandler(Failures::usage)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> Failures.report(failure, command.getErr()));
  }

  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("is empty; give a path");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("is not a path: " + e.getReason());
    }
  }

  private static int refuse(PrintWriter err, String word) {
    var known = Verbs.ALL.stream().map(Verb::name).toList();
    var repair =
        Spelling.nearest(word, known)
            .map(each -> "did you mean explore " + each + "?")
            .orElse("the verbs are " + String.join(", ", known));
    err.println("explore: there is no verb `" + word + "`; " + repair);
    return UserError.BAD_INPUT;
  }

  private static void printHelp(PrintWriter to) {
    to.println("Usage: explore VERB [OPTIONS]");
    to.println();
    to.println("How fast is a model on this machine, with how much energy and area - and why");
    to.println("believe it? One YAML file describes the machine; see arch-specs/.");
    to.println();
    Verbs.ALL.forEach(verb -> to.printf("  %-10s %s%n", verb.name(), verb.summary()));
    to.println();
    to.println("explore VERB --help says more. Exit codes: 0 ok, 1 a check failed, 2 usage or bad");
    to.println("input, 3 a missing tool, 70 a mistake in explore itself, 130 interrupted.");
  }

  /** The version of the build, from the jar's manifest. */
  static String version() {
    var version = Explore.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
