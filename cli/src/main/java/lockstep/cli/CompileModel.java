// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import lockstep.arch.UserError;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.text.DataPool;
import lockstep.compiler.text.GraphText;
import lockstep.compiler.text.NetworkText;
import lockstep.sweep.Target;
import lockstep.sweep.run.Workload;
import lockstep.sweep.store.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore compile MODEL --spec FILE -o FOLDER}: the model's programs as files. */
@Command(
    description = {
      "Compiles a model for a machine and writes its programs, one folder for each stretch",
      "between host layers: instruction words, memory image, address map, assembler text.",
      "With --dump-ir, shows the model between the compiler's steps instead."
    },
    mixinStandardHelpOptions = true)
final class CompileModel implements Callable<Integer> {
  private static final String NETWORK = "network";
  private static final String AFTER = "after:";

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      description = "a model of the zoo, an .onnx, an .ir or a .csv file")
  private @Nullable String model;

  @Option(names = "--spec", paramLabel = "FILE", description = "a machine file")
  private @Nullable Path spec;

  @Option(
      names = "-o",
      paramLabel = "FOLDER",
      description = "where to write; with --dump-ir a file, whose arrays go into FILE.data")
  private @Nullable Path place;

  @Option(
      names = "--dump-ir",
      paramLabel = "WHEN",
      description =
          "show the graph after:PASS, after:none (as read), or the quantised network (as --spec"
              + " quantises it); without -o as text whose long arrays are hashes only")
  private @Nullable String dump;

  @Option(
      names = "--passes",
      paramLabel = "PASS",
      split = ",",
      description = "run these passes and no others before --dump-ir shows the graph")
  private @Nullable List<String> passes;

  @Option(
      names = "--decisions",
      description =
          "show what each pass did: operators before and after, and the bytes of activations,"
              + " weights and other constants that these read and write less")
  private boolean decisions;

  @Option(names = "--format", description = "of --decisions: text, json or csv (default: text)")
  private Form form = Form.TEXT;

  @Option(names = "--print-pipeline", description = "list the passes in their order")
  private boolean printPipeline;

  @Mixin private final MachineFile machine = new MachineFile();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var out = command.commandLine().getOut();
    if (printPipeline) {
      options.pipeline().passes().forEach(each -> out.println(each.name()));
      options.pipeline().quantised().forEach(each -> out.println(each.name()));
      return 0;
    }
    String wanted = required(model, "give a model");
    if (decisions) {
      DecisionTable.of(wanted, options.dimensions(), options.pipeline()).print(out, form);
      return 0;
    }
    if (dump != null || passes != null) {
      dump(wanted, dump == null ? "" : dump);
      return 0;
    }
    var loaded = machine.load(required(spec, "give a machine: --spec FILE"));
    var target = Target.of(loaded);
    Path folder = required(place, "say where to write: -o FOLDER");
    var workload = options.load(wanted, loaded);
    target.writePrograms(workload, folder).forEach(out::println);
    AtomicFile.write(
        folder.resolve("weights.json"),
        WeightsDocument.json(workload.model().network(), loaded.quantisation()));
    workload.model().notes().forEach(command.commandLine().getErr()::println);
    return 0;
  }

  private static <T> T required(@Nullable T value, String otherwise) {
    if (value == null) {
      throw new UserError("explore compile: " + otherwise);
    }
    return value;
  }

  private void dump(String wanted, String when) {
    DataPool pool = new DataPool();
    String text;
    boolean network =
        when.startsWith(AFTER) && options.pipeline().runsQuantised(when.substring(AFTER.length()));
    if (when.equals(NETWORK) || network) {
      var whole = spec == null ? options.reading(1) : options.reading(1, machine.load(spec));
      var reading =
          network ? whole.with(whole.passes().through(when.substring(AFTER.length()))) : whole;
      var workload = Workload.load(wanted, Path.of(""), reading);
      text = NetworkText.print(workload.model().network(), pool);
    } else {
      Pipeline pipeline = passes == null ? options.pipeline() : Pipeline.standard().only(passes);
      if (when.startsWith(AFTER)) {
        pipeline = pipeline.through(when.substring(AFTER.length()));
      } else if (passes == null || !when.isEmpty()) {
        throw new UserError(
            "--dump-ir takes " + NETWORK + ", after:none or after:PASS, not '" + when + "'");
      }
      var graph = ModelCompiler.read(ModelSource.of(wanted, options.dimensions()));
      text = GraphText.print(pipeline.run(graph), pool);
    }
    if (place == null) {
      command.commandLine().getOut().print(text);
    } else {
      AtomicFile.write(ModelSource.Text.data(place), pool.bytes());
      AtomicFile.write(place, text.getBytes(StandardCharsets.UTF_8));
      command.commandLine().getOut().println(place);
    }
  }
}
