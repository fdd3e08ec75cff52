// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.passes.Decision;
import lockstep.compiler.passes.Pipeline;
import lockstep.sweep.Csv;
import tools.jackson.databind.json.JsonMapper;

/** What the compiler's passes decided on one model, with the bytes that each decision saves. */
record DecisionTable(List<Decision> decisions) {

  /** Runs the passes; a layer list has no graph, and no decisions. */
  static DecisionTable of(String model, Map<String, Integer> dimensions, Pipeline pipeline) {
    ModelSource source = ModelSource.of(model, dimensions);
    List<Decision> decisions = new ArrayList<>();
    switch (source) {
      case ModelSource.LayerList _ -> {}
      case ModelSource.BuiltIn _, ModelSource.Onnx _, ModelSource.InMemory _, ModelSource.Text _ ->
          run(source, pipeline, decisions);
    }
    return new DecisionTable(decisions);
  }

  private static void run(ModelSource source, Pipeline pipeline, List<Decision> decisions) {
    pipeline.run(ModelCompiler.read(source), decisions::add);
    if (!pipeline.quantised().isEmpty()) {
      Pipeline graphs = new Pipeline(pipeline.passes());
      var model = ModelCompiler.network(source, QuantisationOptions.defaults(), graphs);
      pipeline.run(model.network(), decisions::add);
    }
  }

  List<Decision> by(String pass) {
    return decisions.stream().filter(each -> each.pass().equals(pass)).toList();
  }

  static long bytes(List<Decision> decisions) {
    return decisions.stream().mapToLong(Decision::bytesSaved).sum();
  }

  void print(PrintWriter out, Form form) {
    switch (form) {
      case JSON -> out.println(JsonMapper.builder().build().writeValueAsString(decisions));
      case CSV -> {
        var csv = new Csv().row(List.of("pass", "node", "what", "bytes_saved", "bytes_refused"));
        decisions.forEach(
            each ->
                csv.row(
                    List.of(
                        each.pass(),
                        each.node(),
                        each.what(),
                        String.valueOf(each.bytesSaved()),
                        String.valueOf(each.bytesRefused()))));
        out.print(csv);
      }
      case TEXT -> {
        var table = new TextTable("pass", "node", "what", ">bytes saved", ">would save");
        decisions.forEach(
            each ->
                table.row(
                    each.pass(),
                    each.node(),
                    each.what(),
                    each.bytesSaved(),
                    each.bytesRefused() == 0 ? "" : each.bytesRefused()));
        out.print(table);
        out.printf("%n%d decisions, %d bytes saved%n", decisions.size(), bytes(decisions));
      }
    }
  }
}
