// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lockstep.arch.MachineSpec;
import lockstep.arch.SpecLoader;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.compiler.schedule.ModuloProblem;
import lockstep.compiler.schedule.ModuloProblem.Dependence;
import lockstep.compiler.schedule.ModuloProblem.Operation;
import lockstep.compiler.schedule.ModuloProblem.Resource;
import lockstep.compiler.schedule.ModuloProblem.Use;
import lockstep.compiler.schedule.ModuloScheduler;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.Target;
import lockstep.sweep.run.Workload;

/**
 * What AMD says of its AIE-ML tile, and what comes out here.
 *
 * <p>Arguments: published.csv, a machine like that tile. Prints lines of fields separated by tabs:
 * {@code shape}, a block shape, the interval of its loop, the largest of its published counts of
 * loads and products; and {@code product}, the cycles from the issue of the first load of int8
 * 64x64x64, compiled as a network is, to the last byte of its last store.
 */
final class TileKernels {
  private static final Pattern SHAPE =
      Pattern.compile(
          "AIEngine,mmul (.*?),\".*load A ([0-9.]+) cyc, load B ([0-9.]+) cyc, compute ([0-9.]+) cyc\".*");
  private static final int LOAD_LATENCY = 5;
  private static final String PRODUCT =
      """
      Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,
      product, 1, 64, 1, 1, 64, 64, 1,
      """;

  public static void main(String[] arguments) throws IOException {
    for (String row : Files.readAllLines(Path.of(arguments[0]))) {
      Matcher shape = SHAPE.matcher(row);
      if (shape.matches()) {
        double left = Double.parseDouble(shape.group(2));
        double right = Double.parseDouble(shape.group(3));
        double products = Double.parseDouble(shape.group(4));
        System.out.printf(
            "shape\t%s\t%d\t%.0f%n",
            shape.group(1),
            interval((int) left, (int) right, Math.max(1, (int) products)),
            Math.max(left, Math.max(right, products)));
      }
    }
    System.out.printf("product\t%d%n", product(Path.of(arguments[1])));
  }

  /** A slot that loads left operands, one that loads right ones, one that adds to the same sums. */
  private static int interval(int left, int right, int products) {
    List<Operation> operations = new ArrayList<>();
    List<Dependence> dependences = new ArrayList<>();
    for (int i = 0; i < left + right + products; i++) {
      int slot = i < left ? 0 : i < left + right ? 1 : 2;
      operations.add(new Operation("operation" + i, List.of(new Use(slot, 0, 1))));
    }
    for (int p = left + right; p < operations.size(); p++) {
      for (int i = 0; i < left + right; i++) {
        dependences.add(new Dependence(i, p, LOAD_LATENCY, 0));
      }
      dependences.add(new Dependence(p, p, 1, 1));
    }
    var slots =
        List.of(new Resource("left", 1), new Resource("right", 1), new Resource("products", 1));
    return ModuloScheduler.of(new ModuloProblem(operations, dependences, slots)).interval();
  }

  private static long product(Path file) throws IOException {
    MachineSpec spec = SpecLoader.load(file, List.of());
    VliwArchitecture machine = (VliwArchitecture) spec.architecture();
    Path layers = Files.createTempFile("product", ".csv");
    try {
      Files.writeString(layers, PRODUCT);
      var reading =
          new Workload.Reading(
              Map.of(), List.of(), 1, Pipeline.standard(), Target.choices(spec));
      Workload workload = Workload.load(layers.toString(), Path.of(""), reading);
      Program program = Target.of(spec).compile(workload).programs().getFirst();
      return kernelCycles(machine, program);
    } finally {
      Files.delete(layers);
    }
  }

  private static long kernelCycles(VliwArchitecture machine, Program program) {
    var text = new BundleText(VliwIsa.of(machine));
    byte[] words = ProgramFile.words(program);
    long[] ends = {Long.MAX_VALUE, 0};
    VliwSimulator.watch(
        machine,
        program,
        time -> {
          String line = text.line(words, time.bundle() * text.instructionBytes());
          if (line.contains("load")) {
            ends[0] = Math.min(ends[0], time.issue());
          }
          if (line.contains("store")) {
            ends[1] = Math.max(ends[1], time.end() + 1);
          }
        });
    return ends[1] - ends[0];
  }
}
