// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.Quantisation;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.PreparedModel;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.onnx.ResolveOperators;
import lockstep.compiler.onnx.qoperators.QOperators;
import lockstep.compiler.passes.Pass;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.vliw.VliwCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/operators.md} says of every operator how the machine does it. Each entry comes from
 * compiling a model of that operator alone in each of its cases; {@code -Dlockstep.goldens=write}
 * writes the file.
 */
class OperatorTableTest {
  private static final Path FILE = Path.of("..", "docs", "operators.md");

  private static final String HEAD =
      """
      # Operators

      Every operator that the compiler has a definition of, and how each family does it. Generated: each line comes
      from compiling a model of that operator alone, once for each form of it that `OperatorsTest` holds to ONNX
      Runtime. After a change,
      `mvn -B -pl compiler -am test -Dtest=OperatorTableTest -Dlockstep.goldens=write -Dsurefire.failIfNoSpecifiedTests=false`
      writes it again.

      - **native**: a layer of the machine, or no work at all.
      - **decomposition**: layers of the machine, by the steps named; *reading* is what happens to the node itself, *pairs*
        the rewriting of operators on codes, the others are passes (`explore compile --print-pipeline`).
      - **folded**: its value is known when the model is compiled; it is refused where its operands are not.
      - **host**: ONNX Runtime does it between two layers, for the reason named. So it does with every operator that is not
        in this table but that it knows; what it does not know either is refused.

      Operators on codes are compiled between a quantiser and a dequantiser. MatMulInteger and ConvInteger between
      DynamicQuantizeLinear and the product with the scales are a MatMul and a Conv.

      Several words in a line are several forms of the operator. What surrounds an operator can only make it better: an
      activation behind a convolution costs nothing, an operator in a chain on the host stays there.

      The last two columns are of a VLIW machine with all slots, `npu.yaml`: **machine** where it does the operator whatever
      the layers are called there, else the reason.

      | operator | systolic | steps | on the host where | vliw | on the host of vliw where |
      |---|---|---|---|---|---|
      """;

  /** Steps that leave no work to do, where there are no others. */
  private static final Set<String> FREE =
      Set.of("reading", "fold-constants", "absorb-quantisation", "dead-code", "remove-copies");

  @TempDir Path folder;

  /** What became of all cases of one operator. */
  private static final class Row {
    private final Set<String> words = new TreeSet<>(Comparator.comparing(WORDS::indexOf));
    private final Set<String> steps = new TreeSet<>();
    private final Set<String> reasons = new TreeSet<>();
    private final Set<String> lanes = new TreeSet<>(Comparator.comparing(WORDS::indexOf));
    private final Set<String> hosted = new TreeSet<>();
  }

  private static final List<String> WORDS =
      List.of("machine", "native", "decomposition", "folded", "host", "refused");

  private static final VliwArchitecture NPU =
      (VliwArchitecture)
          SpecLoader.load(Path.of("..", "arch-specs", "npu.yaml"), List.of()).architecture();

  @Test
  void isCurrent() throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    rows()
        .forEach(
            (operator, row) ->
                text.append("| ")
                    .append(
                        String.join(
                            " | ",
                            operator,
                            String.join(", ", row.words),
                            String.join("; ", row.steps),
                            String.join("; ", row.reasons),
                            String.join(", ", row.lanes),
                            String.join("; ", row.hosted)))
                    .append(" |\n"));
    if ("write".equals(System.getProperty("lockstep.goldens"))) {
      Files.writeString(FILE, text);
    }
    assertThat(text.toString())
        .as("docs/operators.md; -Dlockstep.goldens=write writes it again")
        .isEqualTo(Files.readString(FILE));
  }

  private SortedMap<String, Row> rows() throws IOException {
    SortedMap<String, Row> rows =
        new TreeMap<>(
            Comparator.comparing((String name) -> name.contains(".")).thenComparing(n -> n));
    Operators.table().keySet().forEach(operator -> rows.put(operator, new Row()));
    for (OperatorModels.Model model : OperatorModels.all()) {
      boolean empty =
          model.graph().types().values().stream().anyMatch(t -> t.shape().elements() == 0);
      if (!empty) {
        judge(model, rows.get(model.operator()));
      }
    }
    return rows;
  }

  private void judge(OperatorModels.Model model, Row row) throws IOException {
    List<String> steps = new ArrayList<>();
    QuantisedModel compiled;
    PreparedModel prepared;
    try {
      Path file = Files.write(folder.resolve("one.onnx"), model.bytes());
      prepared =
          ModelCompiler.prepare(
              ModelSource.of(file.toString(), Map.of()),
              QuantisationOptions.calibratedOn(List.of(model.inputs())),
              Pipeline.standard());
      compiled = prepared.quantised(Quantisation.DEFAULT);
      steps(model, steps);
    } catch (UserError e) {
      String message = String.valueOf(e.getMessage()).replaceFirst("^[^:]*: ", "");
      boolean known = message.matches("(?s).*(not constant|not depend on the inputs).*");
      row.words.add(known ? "folded" : "refused");
      row.lanes.add(known ? "folded" : "refused");
      if (!known) {
        row.reasons.add(general(message));
      }
      return;
    }
    onLanes(prepared, row);
    if (!compiled.hostLayers().isEmpty()) {
      row.words.add("host");
      compiled
          .hostLayers()
          .forEach(h -> List.of(h.reason().split("; ")).forEach(r -> row.reasons.add(general(r))));
    } else if (FREE.containsAll(steps)) {
      row.words.add("native");
    } else {
      row.words.add("decomposition");
      steps.remove("dead-code");
      row.steps.add(String.join(", ", steps));
    }
  }

  private static void onLanes(PreparedModel prepared, Row row) {
    try {
      QuantisedModel model =
          prepared.quantised(Quantisation.DEFAULT, VliwCompiler.capabilities(NPU));
      var hosted = VliwCompiler.compile(model.network(), NPU, "").model().hostLayers();
      row.lanes.add(hosted.isEmpty() ? "machine" : "host");
      hosted.forEach(h -> List.of(h.reason().split("; ")).forEach(r -> row.hosted.add(general(r))));
    } catch (UserError e) {
      row.lanes.add("refused");
      row.hosted.add(general(String.valueOf(e.getMessage()).replaceFirst("^[^:]*: ", "")));
    }
  }

  private static void steps(OperatorModels.Model model, List<String> steps) {
    Graph coded = QOperators.apply(model.graph());
    Graph graph = ResolveOperators.apply(coded);
    if (coded != model.graph()) {
      steps.add("pairs");
    } else if (graph.nodes().stream().noneMatch(n -> name(n.op()).equals(model.operator()))) {
      steps.add("reading");
    }
    for (Pass pass : Pipeline.standard().passes()) {
      Graph next = pass.apply(graph);
      if (!next.equals(graph) && !steps.contains(pass.name())) {
        steps.add(pass.name());
      }
      graph = next;
    }
  }

  private static String name(Op op) {
    return switch (op) {
      case Op.Foreign f -> f.domain().isEmpty() ? f.type() : f.domain() + "." + f.type();
      case Op.Quantise _ -> "QuantizeLinear";
      case Op.Dequantise _ -> "DequantizeLinear";
      case Op typed -> typed.getClass().getSimpleName();
    };
  }

  /** A reason without the sizes of the case. */
  private static String general(String reason) {
    return reason
        .replaceFirst("^[A-Za-z0-9]+: ", "")
        .replaceAll("\\[[-0-9, ]*\\]|[0-9]+(x[0-9]+)+", "...")
        .replace("|", "/");
  }
}
