// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import lockstep.arch.Architecture;
import lockstep.arch.UserError;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.random.RandomGraph;
import lockstep.rtl.MachineVerilog;

/**
 * Verification with drawn networks on one machine, itself given or drawn. One of three is a model
 * of ONNX operators, {@link RandomGraph}, compiled as a model from a file is, with host layers
 * between the machine's; the others are quantised networks, {@link DeviceUnderTest#compileDrawn},
 * which have what no compiled model has. Everything follows from the seed: draw {@code k} of
 * machine seed {@code s} is from {@code s x 1000003 + k}.
 */
public final class RandomVerification {
  private static final long STRIDE = 1_000_003;
  private static final int DRAWS_PER_PROGRAM = 40;
  private static final int STEPS = 8;
  private static final int LARGEST_INPUT = 10;
  private static final int GRAPH_OF = 3;
  private static final int MOST_UNFIT_GRAPHS = 15;

  private RandomVerification() {}

  /**
   * What came out on one machine.
   *
   * @param programs networks that were compared
   * @param unfit networks drawn that the machine cannot hold
   * @param operators of the networks that were drawn as models of ONNX operators
   */
  public record Tally(
      int programs,
      long cycles,
      long instructions,
      int unfit,
      DrawnOperators operators,
      List<Mismatch> mismatches) {
    /** Of nothing. */
    public static final Tally NONE = new Tally(0, 0, 0, 0, DrawnOperators.NONE, List.of());

    /** Both together. */
    public Tally plus(Tally other) {
      var all = new ArrayList<>(mismatches);
      all.addAll(other.mismatches);
      return new Tally(
          programs + other.programs,
          cycles + other.cycles,
          instructions + other.instructions,
          unfit + other.unfit,
          operators.plus(other.operators),
          List.copyOf(all));
    }
  }

  /**
   * A disagreement.
   *
   * @param seed of the network
   * @param text what differs
   * @param model the ONNX model; empty for a network that is drawn quantised
   * @param divergent the program on which simulator and Verilog differ; empty if the interpreter is
   *     the one that differs
   */
  public record Mismatch(
      MachineVerilog<?> verilog,
      long seed,
      String text,
      Optional<byte[]> model,
      Optional<Verification.DivergentStretch> divergent) {}

  /**
   * Compares drawn networks on a machine.
   *
   * @param count networks to compare; fewer when the machine is too small for nearly all that are
   *     drawn
   */
  public static Tally of(MachineVerilog<?> verilog, int count, long seed, Path cache)
      throws InterruptedException {
    var tally = Tally.NONE;
    int unfitGraphs = 0;
    for (int k = 0; tally.programs() < count && k < count * DRAWS_PER_PROGRAM; k++) {
      long each = seed * STRIDE + k;
      boolean graph = Math.floorMod(seed + tally.programs(), GRAPH_OF) == 0;
      if (graph && unfitGraphs < MOST_UNFIT_GRAPHS) {
        var one = graph(verilog, each, cache);
        unfitGraphs = one.programs() > 0 ? 0 : unfitGraphs + 1;
        tally = tally.plus(one);
      } else {
        tally =
            tally.plus(
                compare(
                    verilog,
                    device -> device.compileDrawn(each),
                    each,
                    DrawnOperators.NONE,
                    Optional.empty(),
                    cache));
      }
    }
    return tally;
  }

  /** A tally of no program for a model that has nothing for the machine to do. */
  private static Tally graph(MachineVerilog<?> verilog, long seed, Path cache)
      throws InterruptedException {
    var random = new SplittableRandom(seed);
    var graph = RandomGraph.draw(random, 1 + random.nextInt(STEPS), LARGEST_INPUT);
    var source = new ModelSource.InMemory("drawn-" + seed, OnnxWriter.write(graph));
    var options = new QuantisationOptions(List.of(), 0, seed);
    var capabilities = DeviceUnderTest.of(verilog.machine()).capabilities();
    QuantisedModel model;
    try {
      model =
          ModelCompiler.prepare(source, options, Pipeline.standard())
              .quantised(options.choices(), capabilities);
    } catch (RuntimeException e) {
      throw failure(verilog.machine(), seed, e);
    }
    var operators = DrawnOperators.of(graph, model.network());
    return operators.machineLayers() == 0
        ? Tally.NONE
        : compare(
            verilog,
            device -> device.compile(model.network()),
            seed,
            operators,
            Optional.of(source.bytes()),
            cache);
  }

  /** Compiles and compares what was drawn, unless it does not fit. */
  private static Tally compare(
      MachineVerilog<?> verilog,
      Function<DeviceUnderTest, CompiledModel> compiler,
      long seed,
      DrawnOperators operators,
      Optional<byte[]> onnx,
      Path cache)
      throws InterruptedException {
    var device = DeviceUnderTest.of(verilog.machine());
    CompiledModel model;
    try {
      model = compiler.apply(device);
    } catch (UserError unfit) {
      return new Tally(0, 0, 0, 1, DrawnOperators.NONE, List.of());
    } catch (RuntimeException e) {
      throw failure(device.machine(), seed, e);
    }
    try {
      var found = Verification.of(device, model, Verification.build(verilog, model, cache), seed);
      var mismatches =
          found.equal()
              ? List.<Mismatch>of()
              : List.of(new Mismatch(verilog, seed, found.text(), onnx, found.divergent()));
      return new Tally(1, found.cycles(), found.instructions(), 0, operators, mismatches);
    } catch (RuntimeException e) {
      throw failure(device.machine(), seed, e);
    }
  }

  /** The same, told where it came from. */
  private static RuntimeException failure(Architecture machine, long seed, RuntimeException e) {
    return e instanceof UserError mistake
        ? new UserError(
            "network of seed %d on %s: %s".formatted(seed, machine.name(), mistake.getMessage()),
            mistake.exitCode())
        : new IllegalStateException("network of seed " + seed + " on " + machine, e);
  }
}
