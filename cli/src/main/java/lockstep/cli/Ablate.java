// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import lockstep.compiler.passes.Decision;
import lockstep.compiler.passes.Pipeline;
import lockstep.sweep.Csv;
import lockstep.sweep.Target;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Workload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code explore ablate MODEL --spec FILE}: what each pass of the compiler is worth. */
@Command(
    description = {
      "Compiles and simulates a model with all passes, and again without each one. MACs, cycles,",
      "energy and off-chip bytes are the machine's; what a missing pass sends to the host is in none",
      "of them, so fewer MACs mean that work has left the machine. Decisions and the bytes they save",
      "between operators are those of the pass among all others; passes without any are left out.",
      "depth-first is no pass: there, decisions are chains of layers that run in stripes."
    },
    mixinStandardHelpOptions = true)
final class Ablate implements Callable<Integer> {
  private static final String ALL = "all passes";

  @Parameters(
      paramLabel = "MODEL",
      description = "a model of the zoo, an .onnx, an .ir or a .csv file")
  private String model = "";

  @Option(names = "--spec", paramLabel = "FILE", required = true, description = "a machine file")
  private Path spec = Path.of("");

  @Option(names = "--format", description = "text, json or csv (default: text)")
  private Form form = Form.TEXT;

  @Mixin private final MachineFile machine = new MachineFile();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Spec private CommandSpec command;

  private record Line(
      String without,
      long macs,
      long cycles,
      double energyUj,
      long dramBytes,
      int hostLayers,
      int decisions,
      long savedBytes) {}

  @Override
  public Integer call() {
    var loaded = machine.load(spec);
    var target = Target.of(loaded);
    var reading = options.reading(1, loaded);
    var lines = new ArrayList<Line>();
    var decisions = DecisionTable.of(model, options.dimensions(), reading.passes());
    ModelRun whole = target.run(Workload.load(model, Path.of(""), reading));
    lines.add(line(ALL, whole, decisions.decisions()));
    for (String pass : reading.passes().names()) {
      var own = decisions.by(pass);
      if (!own.isEmpty()) {
        Pipeline rest = reading.pipeline().without(List.of(pass));
        ModelRun run = target.run(Workload.load(model, Path.of(""), reading.with(rest)));
        lines.add(line(pass, run, own));
      }
    }
    if (whole.layers().stream().anyMatch(each -> each.stripes().count() > 1)) {
      Pipeline unstriped = reading.pipeline().without(List.of(Pipeline.DEPTH_FIRST));
      ModelRun run = target.run(Workload.load(model, Path.of(""), reading.with(unstriped)));
      lines.add(
          line(
              Pipeline.DEPTH_FIRST,
              run,
              ChainTable.of(whole).size(),
              ChainTable.savedBytes(whole)));
    }
    print(lines);
    return 0;
  }

  private static Line line(String without, ModelRun run, List<Decision> decisions) {
    return line(without, run, decisions.size(), DecisionTable.bytes(decisions));
  }

  private static Line line(String without, ModelRun run, int decisions, long savedBytes) {
    return new Line(
        without,
        run.macs(),
        run.cycles(),
        run.energyUj(),
        run.dramReadBytes() + run.dramWriteBytes(),
        run.host().size(),
        decisions,
        savedBytes);
  }

  private void print(List<Line> lines) {
    var out = command.commandLine().getOut();
    switch (form) {
      case JSON -> out.println(JsonMapper.builder().build().writeValueAsString(lines));
      case CSV -> {
        var csv =
            new Csv()
                .row(
                    List.of(
                        "without",
                        "macs",
                        "cycles",
                        "energy_uj",
                        "dram_bytes",
                        "host_layers",
                        "decisions",
                        "saved_bytes"));
        lines.forEach(
            each ->
                csv.row(
                    List.of(
                        each.without(),
                        String.valueOf(each.macs()),
                        String.valueOf(each.cycles()),
                        Csv.number(each.energyUj()),
                        String.valueOf(each.dramBytes()),
                        String.valueOf(each.hostLayers()),
                        String.valueOf(each.decisions()),
                        String.valueOf(each.savedBytes()))));
        out.print(csv);
      }
      case TEXT -> {
        var table =
            new TextTable(
                "without",
                ">MACs",
                ">cycles",
                ">",
                ">uJ",
                ">",
                ">off-chip B",
                ">",
                ">host layers",
                ">decisions",
                ">bytes saved");
        Line all = lines.getFirst();
        for (Line each : lines) {
          table.row(
              each.without(),
              each.macs(),
              each.cycles(),
              change(each.cycles(), all.cycles()),
              String.format(Locale.ROOT, "%.4g", each.energyUj()),
              change(each.energyUj(), all.energyUj()),
              each.dramBytes(),
              change(each.dramBytes(), all.dramBytes()),
              each.hostLayers(),
              each.decisions(),
              each.savedBytes());
        }
        out.print(table);
      }
    }
  }

  private static String change(double value, double from) {
    return value == from || from == 0
        ? ""
        : String.format(Locale.ROOT, "%+.1f%%", 100 * (value - from) / from);
  }
}
