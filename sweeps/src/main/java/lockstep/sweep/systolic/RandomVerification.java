// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.UserError;
import lockstep.arch.systolic.RandomSystolic;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.rtl.MachineVerilog;

/**
 * Verification with drawn networks on one machine, itself given or drawn. Everything follows from
 * the seed: network {@code k} of machine seed {@code s} is drawn from {@code s x 1000003 + k}.
 */
public final class RandomVerification {
  private static final long STRIDE = 1_000_003;
  private static final int LAYERS = 4;
  private static final int LARGEST = 20;
  private static final int LARGEST_ARRAY = 12;
  private static final int DRAWS_PER_PROGRAM = 40;

  private RandomVerification() {}

  /**
   * What came out on one machine.
   *
   * @param programs networks that were compared
   * @param unfit networks drawn that the machine cannot hold
   */
  public record Tally(
      int programs, long cycles, long instructions, int unfit, List<Mismatch> mismatches) {

    /** Both together. */
    public Tally plus(Tally other) {
      var all = new ArrayList<>(mismatches);
      all.addAll(other.mismatches);
      return new Tally(
          programs + other.programs,
          cycles + other.cycles,
          instructions + other.instructions,
          unfit + other.unfit,
          List.copyOf(all));
    }
  }

  /**
   * A disagreement.
   *
   * @param seed of the network
   * @param text what differs
   * @param divergent the program on which simulator and Verilog differ; empty if the interpreter is
   *     the one that differs
   */
  public record Mismatch(
      MachineVerilog verilog,
      long seed,
      String text,
      Optional<SystolicVerification.DivergentStretch> divergent) {}

  /** The machine of a seed: odd sizes, tiny buffers, no latency and a lot of it. */
  public static SystolicArchitecture machine(long seed) {
    return RandomSystolic.draw(
        new SplittableRandom(seed), "drawn-" + Long.toUnsignedString(seed), LARGEST_ARRAY);
  }

  /**
   * Compares drawn networks on a machine.
   *
   * @param count networks to compare; fewer when the machine is too small for nearly all that are
   *     drawn
   */
  public static Tally of(MachineVerilog verilog, int count, long seed, Path cache)
      throws InterruptedException {
    var tally = new Tally(0, 0, 0, 0, List.of());
    for (int k = 0; tally.programs() < count && k < count * DRAWS_PER_PROGRAM; k++) {
      tally = tally.plus(one(verilog, seed * STRIDE + k, cache));
    }
    return tally;
  }

  private static Tally one(MachineVerilog verilog, long seed, Path cache)
      throws InterruptedException {
    var machine = verilog.machine();
    var random = new SplittableRandom(seed);
    var network = DrawnNetwork.draw(random, 1 + random.nextInt(LAYERS), LARGEST);
    CompiledModel model;
    try {
      model =
          SystolicCompiler.compile(
              network, machine, SystolicCompiler.hash(ResolvedYaml.of(machine)));
    } catch (UserError unfit) {
      return new Tally(0, 0, 0, 1, List.of());
    }
    try {
      var found =
          SystolicVerification.of(
              machine, model, SystolicVerification.build(verilog, model, cache), seed);
      var mismatches =
          found.equal()
              ? List.<Mismatch>of()
              : List.of(new Mismatch(verilog, seed, found.text(), found.divergent()));
      return new Tally(1, found.cycles(), found.instructions(), 0, mismatches);
    } catch (UserError e) {
      throw new UserError(
          "network of seed %d on %s: %s".formatted(seed, machine.name(), e.getMessage()),
          e.exitCode());
    } catch (RuntimeException e) {
      throw new IllegalStateException("network of seed " + seed + " on " + machine, e);
    }
  }
}
