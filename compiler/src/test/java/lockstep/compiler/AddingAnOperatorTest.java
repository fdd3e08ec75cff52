// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.onnx.OnnxReader;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.onnx.ResolveOperators;
import lockstep.compiler.operators.Operators;
import lockstep.compiler.passes.AveragePoolToConv;
import lockstep.compiler.passes.Pipeline;
import org.junit.jupiter.api.Test;

/** Follows docs/adding-an-operator.md for AveragePool, from its definition to a layer. */
class AddingAnOperatorTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final ValueType IMAGE = ValueType.floats(1, 4, 8, 8);

  @Test
  void theFilesThatThePageNamesAreThere() throws IOException {
    Pattern named = Pattern.compile("`compiler/([a-z]+(?:/[A-Z][A-Za-z]+)?)`");
    Matcher page = named.matcher(Files.readString(DOCS.resolve("adding-an-operator.md")));
    Path sources = Path.of("src", "main", "java", "lockstep", "compiler");
    int count = 0;
    while (page.find()) {
      Path folder = sources.resolve(page.group(1));
      Path file = sources.resolve(page.group(1) + ".java");
      assertThat(Files.exists(folder) || Files.exists(file)).as(page.group()).isTrue();
      count++;
    }
    assertThat(count).isGreaterThan(6);
  }

  @Test
  void itHasADefinition() {
    assertThat(Operators.table()).containsKey("AveragePool");
  }

  @Test
  void itsFormIsReadTypedAndWritten() {
    Graph read = resolved(model());
    Node node = read.nodes().getFirst();
    assertThat(node.op()).isInstanceOf(Op.AveragePool.class);
    assertThat(read.type(node.output())).isEqualTo(ValueType.floats(1, 4, 4, 4));
    Graph again =
        ResolveOperators.apply(OnnxReader.read(OnnxWriter.write(read), "again", Map.of()));
    assertThat(again.nodes().getFirst().op()).isEqualTo(node.op());
  }

  @Test
  void aPassInThePipelineMakesItAConvolution() {
    assertThat(Pipeline.standard().names()).contains(new AveragePoolToConv().name());
    Graph rewritten = Pipeline.standard().run(resolved(model()));
    assertThat(rewritten.nodes()).singleElement().extracting(Node::op).isInstanceOf(Op.Conv.class);
  }

  private static Graph resolved(Graph model) {
    return ResolveOperators.apply(OnnxReader.read(OnnxWriter.write(model), "model", Map.of()));
  }

  private static Graph model() {
    Map<String, Attribute> attributes = new TreeMap<>();
    attributes.put("kernel_shape", new Attribute.Ints(List.of(2L, 2L)));
    attributes.put("strides", new Attribute.Ints(List.of(2L, 2L)));
    attributes.put("ceil_mode", new Attribute.Int(0));
    Op op = new Op.Foreign("AveragePool", "", new TreeMap<>(attributes));
    return new Graph(
        "model",
        17,
        List.of("x"),
        List.of(new Node("y", op, List.of("x"), List.of("y"), List.of("y"))),
        List.of(new Graph.Result("y", "y")),
        Map.of("x", IMAGE, "y", ValueType.floats(1, 4, 4, 4)),
        Map.of(),
        Map.of());
  }
}
