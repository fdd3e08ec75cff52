// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lockstep.arch.SpecLoader;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Program;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.isa.FixedPoint;
import lockstep.sim.systolic.SystolicSimulator;

/**
 * Cycles of single layers beside those that others published. Every layer is a program of its own:
 * it starts with empty memories and ends when its last byte is written.
 *
 * <p>Arguments: {@code gemmini} or {@code scale-sim}, the file of published cycles, and the machine
 * file whose sizes are overridden. Prints a line for each comparison: what, ours, published,
 * separated by tabs.
 */
final class PublishedLayers {
  private static final Pattern CONVOLUTION =
      Pattern.compile("(\\d+)x\\d+/(\\d+) (\\d+)->(\\d+) (\\d+)x\\d+$");
  private static final Pattern PRODUCT = Pattern.compile("^GEMM (\\d+)x(\\d+)x(\\d+)$");
  private static final Pattern SIZES =
      Pattern.compile("WS (\\d+)x(\\d+) int8; spad (\\d+) KB; acc (\\d+) KB");
  private static final Pattern FIELD = Pattern.compile("\"([^\"]*)\"|([^,]+)|(?<=,)(?=,)");

  public static void main(String[] arguments) throws IOException {
    List<List<String>> rows =
        Files.readAllLines(Path.of(arguments[1])).stream()
            .skip(1)
            .map(PublishedLayers::fields)
            .toList();
    Path spec = Path.of(arguments[2]);
    switch (arguments[0]) {
      case "gemmini" -> gemmini(rows, spec);
      case "scale-sim" -> scaleSim(rows, spec);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Memory answers at once and moves 16 bytes a cycle each way, the width of Gemmini's bus. */
  private static void gemmini(List<List<String>> rows, Path spec) {
    for (List<String> row : rows) {
      if (!row.get(0).equals("Gemmini") || !row.get(3).equals("cycles")) {
        continue;
      }
      Matcher sizes = SIZES.matcher(row.get(2));
      if (!sizes.find()) {
        throw new IllegalStateException("no sizes in: " + row.get(2));
      }
      long cycles =
          cycles(
              layer(row.get(1)),
              spec,
              "array.rows=" + sizes.group(1),
              "array.cols=" + sizes.group(2),
              "array.dataflows=[ws]",
              "scratchpad.capacity_bytes=" + 1024 * Integer.parseInt(sizes.group(3)),
              "accumulator.capacity_bytes=" + 1024 * Integer.parseInt(sizes.group(4)),
              "memory.latency_cycles=0");
      print(row.get(1), cycles, Long.parseLong(row.get(4)));
    }
  }

  private static Network layer(String text) {
    Matcher product = PRODUCT.matcher(text);
    if (product.find()) {
      return product(number(product, 1), number(product, 3), number(product, 2));
    }
    Matcher c = CONVOLUTION.matcher(text);
    if (!c.find()) {
      throw new IllegalStateException("no layer in: " + text);
    }
    int kernel = number(c, 1);
    int stride = number(c, 2);
    int pad = kernel / 2;
    return convolution(
        number(c, 3),
        number(c, 5),
        number(c, 5),
        number(c, 4),
        new Window(kernel, kernel, stride, stride, 1, 1, pad, pad, pad, pad));
  }

  /**
   * Bandwidth and buffers that nothing waits for: a port of 128 bytes, as wide as the widest array,
   * memory without latency, 1 MiB of scratchpad, 256 KiB of accumulator.
   */
  private static void scaleSim(List<List<String>> rows, Path spec) {
    Map<String, long[]> totals = new TreeMap<>();
    for (List<String> row : rows) {
      String dataflow = row.get(7);
      if (!row.get(8).equals("CALC") || !(dataflow.equals("ws") || dataflow.equals("os"))) {
        continue;
      }
      long cycles =
          cycles(
              product(integer(row, 2), integer(row, 3), integer(row, 4)),
              spec,
              "array.rows=" + row.get(5),
              "array.cols=" + row.get(6),
              "array.dataflows=[" + dataflow + "]",
              "scratchpad.capacity_bytes=" + (1 << 20),
              "accumulator.capacity_bytes=" + (1 << 18),
              "dma.width_bytes=128",
              "dma.burst_beats=16",
              "dma.outstanding_requests=32",
              "memory.bytes_per_cycle=4096",
              "memory.latency_cycles=0");
      long[] sum =
          totals.computeIfAbsent(
              row.get(0) + ", " + row.get(5) + "x" + row.get(6) + " " + dataflow,
              key -> new long[2]);
      sum[0] += cycles;
      sum[1] += Long.parseLong(row.get(9));
    }
    totals.forEach((what, sum) -> print(what, sum[0], sum[1]));
  }

  private static long cycles(Network network, Path spec, String... overrides) {
    var machine = (SystolicArchitecture) SpecLoader.load(spec, List.of(overrides)).architecture();
    long cycles = 0;
    for (Program each : SystolicCompiler.compile(network, machine, "").programs()) {
      cycles += SystolicSimulator.run(machine, each, false).result().cycles();
    }
    return cycles;
  }

  /** {@code rows x inner} times {@code inner x columns}, as a point convolution. */
  private static Network product(int rows, int columns, int inner) {
    return convolution(inner, 1, rows, columns, Window.POINT);
  }

  private static Network convolution(int channels, int height, int width, int filters, Window w) {
    Tensor input = new Tensor("input", 1, channels, height, width, 1, 0);
    Tensor output = new Tensor("output", 1, filters, w.outH(height), w.outW(width), 1, 0);
    FixedPoint.Scale scale = FixedPoint.scale(0.01);
    int[] multipliers = new int[filters];
    int[] shifts = new int[filters];
    Arrays.fill(multipliers, scale.multiplier());
    Arrays.fill(shifts, scale.shift());
    byte[] weights = new byte[filters * channels * w.kernelH() * w.kernelW()];
    new SplittableRandom(1).nextBytes(weights);
    Layer layer =
        new Layer.Convolution(
            "layer",
            List.of("layer"),
            input,
            weights,
            new int[filters],
            1,
            w,
            new Output(null, multipliers, shifts, null, 0, 1 << 15, 0, -128, 127),
            output);
    return new Network("layer", List.of(input), List.of(layer), List.of(output));
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static int integer(List<String> row, int column) {
    return Integer.parseInt(row.get(column));
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    Matcher matcher = FIELD.matcher(line);
    while (matcher.find()) {
      String quoted = matcher.group(1);
      String plain = matcher.group(2);
      fields.add(quoted != null ? quoted : plain != null ? plain : "");
    }
    return fields;
  }

  private static void print(String what, long ours, long published) {
    System.out.println(what + "\t" + ours + "\t" + published);
  }
}
