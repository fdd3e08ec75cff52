// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import lockstep.arch.MachineSpec;
import lockstep.arch.UserError;
import lockstep.backend.Backend;
import lockstep.compiler.ModelSource;
import lockstep.sweep.Csv;
import lockstep.sweep.Target;
import lockstep.sweep.run.Workload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code explore compare MODEL --spec FILE... --backend cpu}: simulated beside measured. */
@Command(
    description = {
      "Shows one model on simulated machines beside the time measured on real ones.",
      "Every line says which of the two it is."
    },
    mixinStandardHelpOptions = true)
final class CompareModel implements Callable<Integer> {
  private static final int MOST_THREADS = 1024;

  @Parameters(paramLabel = "MODEL", description = "a model of the zoo or an .onnx file")
  private String model = "";

  @Option(
      names = "--spec",
      paramLabel = "FILE",
      arity = "1..*",
      description = "machine files; repeatable")
  private final List<Path> specs = new ArrayList<>();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "cpu",
      description = "cpu, cuda (default: cpu)")
  private List<String> backends = List.of();

  @Option(names = "--threads", paramLabel = "N", description = "threads (default: one a core)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--warmup", paramLabel = "N", description = "unmeasured runs (default: 5)")
  private int warmup = 5;

  @Option(names = "--runs", paramLabel = "N", description = "measured runs (default: 30)")
  private int runs = 30;

  @Option(names = "--format", description = "text, json or csv (default: text)")
  private Form form = Form.TEXT;

  @Mixin private final MachineFile machine = new MachineFile();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Spec private CommandSpec command;

  private record Line(
      String where, String kind, double milliseconds, String spread, String energyUj, String how) {}

  @Override
  public Integer call() {
    if (threads < 1 || threads > MOST_THREADS || runs < 1 || warmup < 0) {
      throw new UserError(
          "--threads is from 1 to " + MOST_THREADS + ", --runs 1 or more, --warmup 0 or more");
    }
    var chosen = backends.stream().map(Backend::of).toList();
    var lines = new ArrayList<Line>();
    var machines = specs.stream().map(machine::load).toList();
    var workload =
        machines.isEmpty() ? options.load(model) : options.load(model, machines.getFirst());
    for (MachineSpec spec : machines) {
      var run = Target.of(spec).run(workload.as(Target.choices(spec)));
      var notes = String.join("; ", run.notes());
      var host = run.host().isEmpty() ? "" : "; without " + run.host().size() + " host layers";
      lines.add(
          new Line(
              spec.architecture().name(),
              "simulated",
              run.latencyMs(),
              "",
              String.format(Locale.ROOT, "%.4g", run.energyUj()),
              run.cycles()
                  + " cycles at "
                  + Csv.number(run.clockMhz())
                  + " MHz, activations of "
                  + spec.quantisation().all().activationBits()
                  + " bits, weights of "
                  + spec.quantisation().all().weightBits()
                  + "; "
                  + notes
                  + host));
    }
    var host = HostTimes.measure(workload, options.seed(1));
    if (!host.isEmpty()) {
      lines.add(
          new Line(
              "the " + host.size() + " host layers",
              "measured",
              HostTimes.total(host),
              "",
              "",
              "to be added to each simulated machine; " + host.getFirst().how()));
    }
    for (Backend each : chosen) {
      lines.add(measured(each, workload));
    }
    print(lines);
    return 0;
  }

  private static UserError notRunnable(ModelSource source, String what) {
    return new UserError(
        source.where() + ": is " + what + ", which no backend can run; give an .onnx file");
  }

  private Line measured(Backend backend, Workload workload) {
    switch (workload.source()) {
      case ModelSource.BuiltIn _, ModelSource.Onnx _, ModelSource.InMemory _ -> {}
      case ModelSource.LayerList list -> throw notRunnable(list, "a layer list");
      case ModelSource.Text text -> throw notRunnable(text, "a graph as text");
    }
    var m =
        backend.measure(
            workload.source().where(),
            workload.source().bytes(),
            options.dimensions().getOrDefault("batch", 1),
            options.seed(1),
            threads,
            warmup,
            runs);
    return new Line(
        m.hardware(),
        "measured",
        m.medianMs(),
        String.format(Locale.ROOT, "%.4g .. %.4g", m.lowerQuartileMs(), m.upperQuartileMs()),
        "",
        String.format(
            "%s, %d threads, median and quartiles of %d runs after %d, as the file is (%s)",
            m.software(), m.threads(), m.runs(), m.warmup(), "no requantisation"));
  }

  private void print(List<Line> lines) {
    var out = command.commandLine().getOut();
    switch (form) {
      case JSON -> out.println(JsonMapper.builder().build().writeValueAsString(lines));
      case CSV -> {
        var csv =
            new Csv()
                .row(List.of("where", "kind", "latency_ms", "quartiles_ms", "energy_uj", "how"));
        lines.forEach(
            each ->
                csv.row(
                    List.of(
                        each.where(),
                        each.kind(),
                        Csv.number(each.milliseconds()),
                        each.spread(),
                        each.energyUj(),
                        each.how())));
        out.print(csv);
      }
      case TEXT -> {
        var table = new TextTable("where", "kind", ">ms", "quartiles", ">uJ", "how");
        lines.forEach(
            each ->
                table.row(
                    each.where(),
                    each.kind(),
                    String.format(Locale.ROOT, "%.4g", each.milliseconds()),
                    each.spread(),
                    each.energyUj(),
                    each.how()));
        out.print(table);
      }
    }
  }
}
