// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.compiler.data.DataSet;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.interpreter.Difference;
import lockstep.compiler.interpreter.FloatInterpreter;
import lockstep.compiler.interpreter.FloatRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model of the workloads in floats, against the outputs that came with it. */
class ShippedModelsTest {
  private static double worst;
  private static final List<String> skipped = new ArrayList<>();

  @AfterAll
  static void say() {
    System.out.printf("shipped models in floats: at most %.1e of the largest value%n", worst);
    skipped.forEach(each -> System.out.println("skipped: " + each));
  }

  /** Models of the manifest by folder. */
  static List<String> models() throws IOException {
    List<String> names = new ArrayList<>();
    for (String line : Files.readAllLines(Workloads.folder("MANIFEST.csv"))) {
      int start = line.indexOf(',') + 1;
      String file = line.substring(start, line.indexOf(',', start));
      if (file.endsWith("/model.onnx")) {
        names.add(file.replace("/model.onnx", ""));
      }
    }
    return names;
  }

  static List<String> cases() throws IOException {
    return models().stream().filter(each -> each.startsWith("onnx_")).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void equalsTheShippedOutputs(String name) throws IOException {
    requireKnownKinds(name);
    ModelSource source = Workloads.model(name);
    List<DataSet> sets = DataSet.in(Workloads.folder(name));
    assertThat(sets).isNotEmpty().allMatch(set -> !set.outputs().isEmpty());
    for (DataSet set : sets) {
      FloatRun run = FloatRun.on(source, set);
      assertThat(run.outputs()).hasSameSizeAs(set.outputs());
      assertThat(run.difference()).as("%s, %s", name, set.name()).isLessThan(Difference.EQUAL);
      worst = Math.max(worst, run.difference());
    }
  }

  /** The same with every type known and every operator in the graph's own form. */
  @ParameterizedTest
  @MethodSource("models")
  void equalsThemWithTypesAndForms(String name) throws IOException {
    requireKnownKinds(name);
    List<DataSet> sets = DataSet.in(Workloads.folder(name));
    Graph graph = ModelCompiler.read(withSizes(name));
    for (DataSet set : sets) {
      Map<String, Constant> inputs = new HashMap<>();
      for (int i = 0; i < graph.inputs().size(); i++) {
        inputs.put(graph.inputs().get(i), set.inputs().get(i));
      }
      List<Constant> results = List.copyOf(FloatInterpreter.run(graph, inputs).values());
      for (int i = 0; i < results.size(); i++) {
        assertThat(Difference.of(results.get(i), set.outputs().get(i)))
            .as("%s, %s, output %d", name, set.name(), i)
            .isLessThan(Difference.EQUAL);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void compiles(String name) throws IOException {
    requireKnownKinds(name);
    QuantisedModel model = ModelCompiler.network(withSizes(name), QuantisationOptions.defaults());
    assertThat(model.outputs()).isNotEmpty();
  }

  /** A shape that is an input is asked for by the option that gives it. */
  @ParameterizedTest
  @MethodSource("cases")
  void shapesAtRunTimeAreAskedFor(String name) {
    if (name.contains("expand_shape")) {
      assertThatThrownBy(
              () -> ModelCompiler.network(Workloads.model(name), QuantisationOptions.defaults()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("--dim 'shape[0]=N'");
    }
  }

  /** The model, with the elements of an input called shape from its first data set. */
  private static ModelSource withSizes(String name) {
    Map<String, Integer> dims = new LinkedHashMap<>();
    if (name.contains("expand_shape")) {
      Constant sizes = DataSet.in(Workloads.folder(name)).getFirst().inputs().get(1);
      for (int i = 0; i < sizes.shape().elements(); i++) {
        dims.put("shape[" + i + "]", (int) ((Constant.Integers) sizes).values()[i]);
      }
    }
    return ModelSource.of(Workloads.folder(name).resolve("model.onnx").toString(), dims);
  }

  private static void requireKnownKinds(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Workloads.folder(name).resolve("model.onnx"));
    for (NodeProto node : ModelProto.parseFrom(bytes).getGraph().getNodeList()) {
      String type = node.getOpType();
      require(!node.getDomain().contains("training"), name + ": training operator " + type);
      require(!type.contains("Sequence"), name + ": sequence operator " + type);
      require(!type.startsWith("String"), name + ": string operator " + type);
    }
  }

  private static void require(boolean known, String reason) {
    if (!known && !skipped.contains(reason)) {
      skipped.add(reason);
    }
    assumeTrue(known, "skipped: " + reason);
  }
}
