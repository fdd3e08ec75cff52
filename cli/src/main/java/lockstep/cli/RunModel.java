// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lockstep.arch.UserError;
import lockstep.compiler.ModelSource;
import lockstep.compiler.quality.QualityReport;
import lockstep.sweep.CycleWindow;
import lockstep.sweep.Target;
import lockstep.sweep.design.DesignFolder;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.store.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code explore run MODEL --spec FILE}: one model on one machine, layer by layer; or with {@code
 * --float} on none.
 */
@Command(
    description = {
      "Compiles a model for a machine, simulates it, and shows each layer: cycles, the bound on",
      "them, what the machine waited for, off-chip bytes, energy. All numbers are simulated.",
      "With --float, runs the model in floats as its file says it, on no machine, and compares",
      "with reference outputs: exit code 1 where one is more than 1e-5 of its largest value off."
    },
    mixinStandardHelpOptions = true)
final class RunModel implements Callable<Integer> {
  private static final Pattern WINDOW = Pattern.compile("(\\d{1,15})-(\\d{1,15})");

  @Parameters(
      paramLabel = "MODEL",
      description = "a model of the zoo, an .onnx, an .ir or a .csv file")
  private String model = "";

  @Option(names = "--spec", paramLabel = "FILE", description = "a machine file")
  private @Nullable Path spec;

  @Option(names = "--float", description = "run the model in floats, before any pass")
  private boolean floats;

  @Option(
      names = "--quality",
      description =
          "also measure what quantisation costs against the float model: SQNR of each layer and"
              + " output, agreement of the top class; with --format csv show that alone")
  private boolean quality;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "with --quality: the right class of each input, a number a line or file,label lines")
  private @Nullable Path labels;

  @Option(
      names = {"--input", "--inputs"},
      paramLabel = "FOLDER",
      description = {
        "with --quality: a folder of .npy or .pb files, each an input (or several, one after the",
        "other), or of folders with input_0.npy, ... (default: the calibration inputs given, else",
        "seeded ones);",
        "with --float: a folder with input_0.pb or input_0.npy, ... and, to compare with,",
        "output_0.pb, ..., or with such folders called test_data_set_0, ... (default: those",
        "beside the model, else seeded inputs)"
      })
  private @Nullable Path input;

  @Option(names = "--format", description = "text, json or csv (default: text)")
  private Form form = Form.TEXT;

  @Option(
      names = "--kernels",
      description =
          "with --format csv: the loops that the compiler pipelined instead of the layers; text and"
              + " json have both")
  private boolean kernels;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "write a Chrome trace, which Perfetto opens")
  private @Nullable Path trace;

  @Option(
      names = "--pipeline",
      paramLabel = "FILE",
      description = "write a Kanata pipeline log, which Konata opens: a row for each instruction")
  private @Nullable Path pipeline;

  @Option(
      names = "--cycles",
      paramLabel = "FROM-TO",
      description = "with --pipeline: of these cycles only, without TO (default: ${DEFAULT-VALUE})",
      defaultValue = "0-2000")
  private String cycles = "";

  @Mixin private final MachineFile machine = new MachineFile();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (floats) {
      if (spec != null || trace != null || pipeline != null || quality || labels != null) {
        throw new UserError(
            "explore run: --float runs on no machine; leave --spec, --trace, --pipeline, --quality"
                + " and --labels out");
      }
      return RunFloats.run(
          ModelSource.of(model, options.dimensions()),
          input,
          options.seed(1),
          form,
          command.commandLine().getOut());
    }
    if (spec == null || (!quality && (input != null || labels != null))) {
      throw new UserError(
          "explore run: give a machine (--spec FILE), or --float to run on none; --inputs goes with"
              + " --float or --quality, --labels with --quality, inputs to quantise on with"
              + " --calibrate");
    }
    CycleWindow window = window();
    var loaded = machine.load(spec);
    var target = Target.of(loaded);
    var workload = options.load(model, loaded);
    var run = target.run(workload);
    if (trace != null) {
      AtomicFile.write(trace, target.trace(workload));
    }
    if (pipeline != null) {
      AtomicFile.write(pipeline, target.pipeline(workload, window));
    }
    var found = quality ? workload.quality(loaded.quantisation(), input, labels) : null;
    var out = command.commandLine().getOut();
    switch (form) {
      case CSV -> {
        if (found != null) {
          out.print(QualityTable.csv(found));
        } else {
          out.print(kernels ? DesignFolder.kernels(run) : DesignFolder.layers(run));
        }
      }
      case JSON -> out.println(json(run, HostTimes.measure(workload, options.seed(1)), found));
      case TEXT -> {
        text(out, run, HostTimes.measure(workload, options.seed(1)));
        if (found != null) {
          QualityTable.print(out, found);
        }
      }
    }
    return 0;
  }

  private CycleWindow window() {
    var given = WINDOW.matcher(cycles);
    if (given.matches()) {
      long from = Long.parseLong(given.group(1));
      long to = Long.parseLong(given.group(2));
      if (from < to) {
        return new CycleWindow(from, to);
      }
    }
    throw new UserError(
        "--cycles: `%s` is no window of cycles; write FROM-TO, for example 1000-3000"
            .formatted(cycles));
  }

  /**
   * The run with its host's times, which stand in no stored result: they differ from run to run.
   */
  private static String json(
      ModelRun run, List<HostTimes.HostTime> host, @Nullable QualityReport quality) {
    var mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode all = mapper.valueToTree(run);
    all.set("hostMeasured", mapper.valueToTree(host));
    if (quality != null) {
      ObjectNode tree = mapper.valueToTree(quality);
      tree.put("sqnrDb", quality.sqnrDb());
      all.set("quality", tree);
    }
    return mapper.writeValueAsString(all);
  }

  private static void text(PrintWriter out, ModelRun run, List<HostTimes.HostTime> host) {
    out.print(LayerTable.of(run));
    out.println();
    KernelTable.print(out, run);
    out.printf(
        Locale.ROOT,
        "%s: %d cycles simulated, %.4g ms at %.4g MHz; the %s is %s used; lower bound %d cycles%n",
        run.model(),
        run.cycles(),
        run.latencyMs(),
        run.clockMhz(),
        run.account().engine(),
        LayerTable.percent(run.utilisation()),
        run.boundCycles());
    out.printf(
        Locale.ROOT,
        "energy %.4g uJ; off-chip %d bytes read, %d of them instructions, %d written, %s above the lower bound of %d%n",
        run.energyUj(),
        run.dramReadBytes(),
        run.instructionBytes(),
        run.dramWriteBytes(),
        LayerTable.percent(
            run.dramBytes() == 0
                ? 0
                : (double) run.dramBytes() / Math.max(1, run.dramBoundBytes()) - 1),
        run.dramBoundBytes());
    Map<String, Double> blocks =
        run.energy().stream()
            .collect(
                Collectors.groupingBy(
                    ModelRun.Part::block,
                    java.util.LinkedHashMap::new,
                    Collectors.summingDouble(ModelRun.Part::value)));
    out.println(
        "  "
            + blocks.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %.3g uJ", e.getKey(), e.getValue() * 1e-6))
                .collect(Collectors.joining(", ")));
    ChainTable.of(run).forEach(out::println);
    run.memory()
        .forEach(
            each ->
                out.printf(
                    "%s: at most %d of %d bytes%n",
                    each.memory(), each.peakBytes(), each.capacityBytes()));
    HostTimes.lines(host, run.host()).forEach(out::println);
    if (run.hostMacShare() > 0) {
      out.printf(
          "%s of the multiply-accumulates run on the host: cycles and energy are those of the rest%n",
          LayerTable.percent(run.hostMacShare()));
    }
    run.notes().forEach(out::println);
  }
}
