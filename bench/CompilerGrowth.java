// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import lockstep.arch.SpecLoader;
import lockstep.arch.quantisation.Quantisation;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.GraphCheck;
import lockstep.compiler.onnx.OnnxReader;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.onnx.ResolveOperators;
import lockstep.compiler.onnx.qoperators.QOperators;
import lockstep.compiler.passes.Pass;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.quant.Calibration;
import lockstep.compiler.quant.Capabilities;
import lockstep.compiler.quant.NetworkBuilder;
import lockstep.compiler.systolic.SystolicCompiler;

/**
 * How the compiler's time grows with the number of nodes, on networks of {@link GeneratedNetwork}.
 *
 * <p>Arguments: the machine file, how often to measure each size (the least CPU time counts), then
 * numbers of nodes, ascending. The smallest is compiled before, until it gets no faster, so that the
 * virtual machine's warming up does not pass for good scaling. Prints a line for each stage and the
 * sum: name, seconds for each size, and the exponent between the first size and the last, separated
 * by tabs. Seconds are CPU time of the compiling thread.
 */
final class CompilerGrowth {
  private static final int WARM_UP = 5;

  private final SystolicArchitecture machine;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  private CompilerGrowth(SystolicArchitecture machine) {
    this.machine = machine;
  }

  public static void main(String[] arguments) throws IOException {
    var machine =
        (SystolicArchitecture) SpecLoader.load(Path.of(arguments[0]), List.of()).architecture();
    int runs = Integer.parseInt(arguments[1]);
    int[] sizes =
        List.of(arguments).subList(2, arguments.length).stream()
            .mapToInt(Integer::parseInt)
            .toArray();
    byte[] smallest = OnnxWriter.write(GeneratedNetwork.of(sizes[0]));
    for (int i = 0; i < WARM_UP; i++) {
      new CompilerGrowth(machine).compile(smallest);
    }
    List<Map<String, Double>> measured = new ArrayList<>();
    for (int size : sizes) {
      byte[] model = OnnxWriter.write(GeneratedNetwork.of(size));
      Map<String, Double> least = new LinkedHashMap<>();
      for (int i = 0; i < runs; i++) {
        CompilerGrowth growth = new CompilerGrowth(machine);
        growth.compile(model);
        growth.seconds.forEach((stage, time) -> least.merge(stage, time, Math::min));
      }
      least.put("all", least.values().stream().mapToDouble(Double::doubleValue).sum());
      measured.add(least);
    }
    for (String stage : measured.getFirst().keySet()) {
      StringBuilder line = new StringBuilder(stage);
      measured.forEach(m -> line.append(String.format(Locale.ROOT, "\t%.4f", m.get(stage))));
      double growth = measured.getLast().get(stage) / measured.getFirst().get(stage);
      double nodes = (double) sizes[sizes.length - 1] / sizes[0];
      line.append(String.format(Locale.ROOT, "\t%.2f", Math.log(growth) / Math.log(nodes)));
      System.out.println(line);
    }
  }

  private void compile(byte[] model) {
    Graph read = timed("read", () -> OnnxReader.read(model, "generated", Map.of()));
    Graph graph = timed("resolve", () -> ResolveOperators.apply(QOperators.apply(read)));
    for (Pass pass : Pipeline.standard().passes()) {
      Graph before = graph;
      Graph after = timed(pass.name(), () -> pass.apply(before));
      graph = after;
      if (after != before) {
        timed("checks after passes", () -> GraphCheck.require(after, pass.name()));
      }
    }
    Graph rewritten = graph;
    Calibration calibration = timed("calibrate", () -> calibration(rewritten));
    QuantisedModel quantised =
        timed(
            "build the network",
            () ->
                NetworkBuilder.build(
                    rewritten,
                    calibration,
                    Quantisation.DEFAULT,
                    Capabilities.NONE,
                    List.of(),
                    List.of()));
    timed("program", () -> SystolicCompiler.compile(quantised.network(), machine, ""));
  }

  /** With its ranges, which are known once a network was built. */
  private static Calibration calibration(Graph graph) {
    SplittableRandom random = new SplittableRandom(1);
    float[] input = new float[(int) graph.type("input").shape().elements()];
    for (int i = 0; i < input.length; i++) {
      input[i] = (float) random.nextGaussian();
    }
    Calibration calibration = new Calibration(graph, List.of(Map.of("input", input)));
    NetworkBuilder.build(
        graph, calibration, Quantisation.DEFAULT, Capabilities.NONE, List.of(), List.of());
    return calibration;
  }

  private <T> T timed(String stage, Supplier<T> step) {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    T result = step.get();
    seconds.merge(stage, (threads.getCurrentThreadCpuTime() - before) / 1e9, Double::sum);
    return result;
  }
}
