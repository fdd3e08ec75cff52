// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import lockstep.arch.Architecture;
import lockstep.arch.Family;
import lockstep.arch.MachineSpec;
import lockstep.arch.UserError;
import lockstep.rtl.MachineVerilog;
import lockstep.sweep.Target;
import lockstep.sweep.verify.DeviceUnderTest;
import lockstep.sweep.verify.RandomVerification;
import lockstep.sweep.verify.RandomVerification.Mismatch;
import lockstep.sweep.verify.RandomVerification.Tally;
import lockstep.sweep.verify.Reproduction;
import lockstep.sweep.verify.Verification;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore verify}: the generated Verilog against the simulator, with no tolerance. */
@Command(
    description = {
      "Generates a machine's Verilog and runs the same programs in it, in the simulator and in the",
      "integer interpreter. Total cycles, each instruction's retire cycle, every counter, memory",
      "and outputs must be equal."
    },
    mixinStandardHelpOptions = true)
final class VerifyMachine implements Callable<Integer> {
  private static final int PROGRAMS_PER_MACHINE = 5;
  private static final int MOST_REPRODUCTIONS = 5;

  private final Function<Architecture, MachineVerilog<?>> generator;
  private final Path cache = Cache.verilated();

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "a machine file")
  private @Nullable Path file;

  @Option(names = "--family", description = "draw the machines, too, from this family")
  private @Nullable Family family;

  @Option(names = "--model", paramLabel = "M", description = "a model to run; repeatable")
  private final List<String> chosenModels = new ArrayList<>();

  @Option(
      names = "--random",
      paramLabel = "N",
      description = "drawn networks to run (default: 20 without --model)")
  private @Nullable Integer random;

  @Option(
      names = "--again",
      paramLabel = "FOLDER",
      description = "run the program of a reproduction; repeatable")
  private final List<Path> reproductions = new ArrayList<>();

  @Option(names = "-j", paramLabel = "N", description = "machines side by side")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "-o",
      paramLabel = "FOLDER",
      description = "where reproductions of a difference go (default: crashers)")
  private Path crashers = Path.of("crashers");

  @Mixin private final MachineFile machine = new MachineFile();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Spec private CommandSpec command;

  VerifyMachine() {
    this(MachineVerilog::of);
  }

  /** With Verilog from elsewhere. */
  VerifyMachine(Function<Architecture, MachineVerilog<?>> generator) {
    this.generator = generator;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!reproductions.isEmpty()) {
      if (file != null || family != null || random != null || !chosenModels.isEmpty()) {
        throw new UserError("explore verify: --again takes nothing but folders");
      }
      return again();
    }
    if ((file == null) == (family == null)) {
      throw new UserError(
          "explore verify: give either a machine file or a --family, for example systolic");
    }
    if (threads < 1 || (random != null && random < 1)) {
      throw new UserError("explore verify: -j and --random are 1 or more");
    }
    if (file == null) {
      if (!chosenModels.isEmpty()) {
        throw new UserError("explore verify: --family draws the networks, too; leave --model out");
      }
      return drawnMachines(family, random == null ? 20 : random);
    }
    var spec = machine.load(file);
    int exitCode = 0;
    for (String each : chosenModels) {
      exitCode = Math.max(exitCode, model(spec, each));
    }
    if (random != null || chosenModels.isEmpty()) {
      int count = random == null ? 20 : random;
      exitCode = Math.max(exitCode, drawnNetworks(spec, count));
    }
    return exitCode;
  }

  private int again() throws InterruptedException {
    int exitCode = 0;
    for (Path each : reproductions) {
      var found = Reproduction.again(each, generator, cache);
      out().println(each + ": " + (found.isEmpty() ? "equal" : "simulator and Verilog differ"));
      if (found.isPresent()) {
        out().println(found.get().divergence().text().indent(2).stripTrailing());
        exitCode = UserError.CHECK_FAILED;
      }
      out().flush();
    }
    return exitCode;
  }

  private int model(MachineSpec spec, String name) throws InterruptedException {
    var workload = options.load(name, spec);
    var compiled = Target.of(spec).compile(workload);
    var verilog = generator.apply(spec.architecture());
    var device = DeviceUnderTest.of(spec.architecture());
    var built = Verification.build(verilog, compiled, cache);
    var found = Verification.of(device, compiled, built, options.seed(1));
    out().println(workload.name() + " on " + spec.architecture().name() + ": " + found.text());
    workload.model().notes().forEach(out()::println);
    out().flush();
    if (found.equal()) {
      return 0;
    }
    reproduce(
        new Mismatch(verilog, options.seed(1), found.text(), Optional.empty(), found.divergent()));
    return UserError.CHECK_FAILED;
  }

  private int drawnNetworks(MachineSpec spec, int count) throws InterruptedException {
    var verilog = generator.apply(spec.architecture());
    return report(RandomVerification.of(verilog, count, options.seed(1), cache), 1);
  }

  /** Machines and networks both drawn; machine {@code m} has seed {@code seed x 1000003 + m}. */
  private int drawnMachines(Family drawnFamily, int count) throws InterruptedException {
    int machines = Math.ceilDiv(count, PROGRAMS_PER_MACHINE);
    var total = Tally.NONE;
    try (var progress = new TerminalProgress(command.commandLine().getErr());
        var pool = Executors.newFixedThreadPool(threads)) {
      progress.begin("machines", machines);
      var results = new ExecutorCompletionService<Tally>(pool);
      for (int m = 0; m < machines; m++) {
        long seed = options.seed(1) * 1_000_003 + m;
        int programs = Math.min(PROGRAMS_PER_MACHINE, count - m * PROGRAMS_PER_MACHINE);
        results.submit(
            () ->
                RandomVerification.of(
                    generator.apply(DeviceUnderTest.drawn(drawnFamily, seed)),
                    programs,
                    seed,
                    cache));
      }
      try {
        for (int m = 0; m < machines; m++) {
          total = total.plus(results.take().get());
          progress.step();
        }
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case UserError mistake -> throw mistake;
          case InterruptedException stop -> throw new CancellationException("interrupted");
          case null, default -> throw new IllegalStateException(e.getCause());
        }
      } finally {
        pool.shutdownNow();
        progress.end();
      }
    }
    return report(total, machines);
  }

  private int report(Tally tally, int machines) throws InterruptedException {
    out()
        .printf(
            "%d networks on %d machine%s: %s; %d cycles, %d instructions compared; %d networks drawn"
                + " did not fit%n",
            tally.programs(),
            machines,
            machines == 1 ? "" : "s",
            tally.mismatches().isEmpty()
                ? "no mismatch"
                : tally.mismatches().size() + " MISMATCHES",
            tally.cycles(),
            tally.instructions(),
            tally.unfit());
    if (tally.operators().models() > 0) {
      out().println(tally.operators().text());
    }
    out().flush();
    for (Mismatch each : tally.mismatches().stream().limit(MOST_REPRODUCTIONS).toList()) {
      out()
          .println(
              "network of seed " + each.seed() + " on " + each.verilog().machine().name() + ":");
      out().println(each.text().indent(2).stripTrailing());
      reproduce(each);
    }
    return tally.mismatches().isEmpty() ? 0 : UserError.CHECK_FAILED;
  }

  private void reproduce(Mismatch mismatch) throws InterruptedException {
    Path folder = crashers.resolve(mismatch.verilog().machine().name() + "-" + mismatch.seed());
    Reproduction.write(folder, mismatch, commandLine(), cache);
    out().println("  reproduction: " + folder);
    out().flush();
  }

  private String commandLine() {
    return command.commandLine().getParseResult().originalArgs().stream()
        .map(
            word -> word.matches("[\\w./=:,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" ", "explore verify ", ""));
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }
}
