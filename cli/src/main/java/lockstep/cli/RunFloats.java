// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lockstep.arch.UserError;
import lockstep.compiler.ModelSource;
import lockstep.compiler.data.DataSet;
import lockstep.compiler.interpreter.Difference;
import lockstep.compiler.interpreter.FloatRun;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code explore run MODEL --float}: the model as its file says it, in floats, with no machine and
 * so with no number of cycles; compared with the reference outputs where there are some.
 */
final class RunFloats {
  private RunFloats() {}

  /**
   * @param folder of inputs; null for the model's own data sets, or seeded inputs where it has none
   * @return the exit code: 1 where an output is further from its reference than {@link
   *     Difference#EQUAL}
   */
  static int run(ModelSource source, @Nullable Path folder, long seed, Form form, PrintWriter out) {
    var runs = new ArrayList<FloatRun>();
    for (DataSet set : sets(source, folder)) {
      runs.add(FloatRun.on(source, set));
    }
    if (runs.isEmpty()) {
      runs.add(FloatRun.seeded(source, seed));
    }
    switch (form) {
      case JSON ->
          out.println(
              JsonMapper.builder()
                  .enable(SerializationFeature.INDENT_OUTPUT)
                  .build()
                  .writeValueAsString(runs));
      case CSV -> csv(out, runs);
      case TEXT -> text(out, source.name(), runs);
    }
    boolean equal =
        runs.stream()
            .map(FloatRun::difference)
            .allMatch(each -> each == null || each <= Difference.EQUAL);
    return equal ? 0 : UserError.CHECK_FAILED;
  }

  private static List<DataSet> sets(ModelSource source, @Nullable Path folder) {
    if (folder != null) {
      List<DataSet> sets = DataSet.in(folder);
      if (sets.isEmpty()) {
        throw new UserError(
            folder
                + ": there is no input_0.pb or input_0.npy, neither here nor in test_data_set_0;"
                + " give a folder with inputs");
      }
      return sets;
    }
    return switch (source) {
      case ModelSource.Onnx onnx -> {
        Path beside = onnx.path().toAbsolutePath().getParent();
        yield beside == null ? List.of() : DataSet.in(beside);
      }
      case ModelSource.BuiltIn _,
          ModelSource.InMemory _,
          ModelSource.LayerList _,
          ModelSource.Text _ ->
          List.of();
    };
  }

  private static void text(PrintWriter out, String model, List<FloatRun> runs) {
    for (FloatRun run : runs) {
      var table =
          new TextTable("output", "type", ">min", ">max", ">mean", ">deviation", ">difference");
      for (FloatRun.Output each : run.outputs()) {
        var s = each.statistics();
        table.row(
            each.name(),
            each.type(),
            number(s.min()),
            number(s.max()),
            number(s.mean()),
            number(s.deviation()),
            each.difference() == null ? "-" : number(each.difference()));
      }
      out.printf("%s in floats, before any pass, on %s%n%n%s%n", model, run.inputs(), table);
    }
    var compared = runs.stream().map(FloatRun::difference).filter(each -> each != null).toList();
    if (compared.isEmpty()) {
      out.println("no reference outputs: nothing was compared");
    } else {
      double greatest = compared.stream().mapToDouble(each -> each).max().orElseThrow();
      out.printf(
          Locale.ROOT,
          "greatest difference from the reference outputs: %s of the largest value, %s %s%n",
          number(greatest),
          greatest <= Difference.EQUAL ? "at most" : "MORE than",
          number(Difference.EQUAL));
    }
  }

  private static void csv(PrintWriter out, List<FloatRun> runs) {
    out.println("inputs,output,type,min,max,mean,deviation,difference");
    for (FloatRun run : runs) {
      for (FloatRun.Output each : run.outputs()) {
        var s = each.statistics();
        out.printf(
            "%s,%s,%s,%s,%s,%s,%s,%s%n",
            quoted(run.inputs()),
            quoted(each.name()),
            each.type(),
            s.min(),
            s.max(),
            s.mean(),
            s.deviation(),
            each.difference() == null ? "" : each.difference());
      }
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
