// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Window;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.passes.GraphBuilder;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.zoo.Zoo;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad models end in a message that says what is wrong and how to repair it. */
class BadModelsTest {
  private static final int FUZZED = 300;

  @TempDir Path folder;

  private AbstractThrowableAssert<?, ?> refused(byte[] bytes) throws IOException {
    return refused(bytes, Map.of());
  }

  private AbstractThrowableAssert<?, ?> refused(byte[] bytes, Map<String, Integer> dims)
      throws IOException {
    Path file = folder.resolve("m.onnx");
    Files.write(file, bytes);
    return assertThatThrownBy(
            () ->
                ModelCompiler.network(
                    ModelSource.of(file.toString(), dims), QuantisationOptions.defaults()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + ":");
  }

  private static GraphBuilder image() {
    return new GraphBuilder().input("x", 1, 2, 4, 4);
  }

  @Test
  void whatIsNoModelAtAll() {
    assertThatThrownBy(() -> ModelSource.of("resnet9", Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("resnet9: neither a built-in model (resnet8, ");
    assertThatThrownBy(() -> ModelSource.of("absent.onnx", Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("there is no such file");
  }

  @Test
  void otherFiles() throws IOException {
    refused("schema: lockstep\nname: x\n".getBytes()).hasMessageContaining("not an ONNX model");
    refused(new byte[0]).hasMessageContaining("not an ONNX model");
  }

  @Test
  void truncatedModels() throws IOException {
    byte[] whole = Zoo.model("ds_cnn");
    for (int length : new int[] {1, 100, whole.length / 2, whole.length - 1}) {
      refused(Arrays.copyOf(whole, length)).hasMessageContaining("not an ONNX model");
    }
  }

  @Test
  void unknownOperators() throws IOException {
    Graph graph = image().node("y", new Op.Identity(), "x").output("y").build();
    refused(OnnxWriter.write(foreign(graph, "Frobnicate", "")))
        .hasMessageContaining("operator Frobnicate (node 'strange') is not supported");
    refused(OnnxWriter.write(foreign(graph, "Attention", "org.example")))
        .hasMessageContaining("operator org.example.Attention (node 'strange') is not supported");
  }

  private static Graph foreign(Graph graph, String type, String domain) {
    Op op = new Op.Foreign(type, domain, new TreeMap<String, Attribute>());
    return new Graph(
        "test",
        17,
        graph.inputs(),
        List.of(new Node("strange", op, List.of("x"), List.of("y"), List.of())),
        graph.outputs(),
        Map.of("x", ValueType.floats(1, 2, 4, 4)),
        Map.of(),
        Map.of());
  }

  @Test
  void weightsThatAreNotNumbers() throws IOException {
    Constant weights = new Constant.Floats(Shape.of(1, 2, 1, 1), new float[] {1, Float.NaN});
    refused(
            OnnxWriter.write(
                image()
                    .constant("conv.weight", weights)
                    .node("y", new Op.Conv(Window.POINT, 1), "x", "conv.weight")
                    .output("y")
                    .build()))
        .hasMessageContaining("tensor 'conv.weight' contains NaN");
  }

  @Test
  void normalisationThatDividesByZero() throws IOException {
    GraphBuilder builder = image().constant("w", 2, 2, 1, 1);
    Constant zeros = new Constant.Floats(Shape.of(2), new float[2]);
    Constant ones = new Constant.Floats(Shape.of(2), new float[] {1, 1});
    builder.constant("zeros", zeros).constant("ones", ones);
    refused(
            OnnxWriter.write(
                builder
                    .node("c", new Op.Conv(Window.POINT, 1), "x", "w")
                    .node("y", new Op.BatchNormalization(0), "c", "ones", "zeros", "zeros", "zeros")
                    .output("y")
                    .build()))
        .hasMessageContaining("not finite");
  }

  @Test
  void sizesLeftOpen() throws IOException {
    byte[] open = Workloads.dynamic("x", "batch_size", 2, 4, 4);
    refused(open)
        .hasMessageContaining("input 'x' has the dynamic dimension 'batch_size' (number 0)")
        .hasMessageContaining("--batch N or --dim batch_size=N");
    Path file = folder.resolve("open.onnx");
    Files.write(file, open);
    for (String key : List.of("batch", "batch_size", "x:0")) {
      ModelSource source = ModelSource.of(file.toString(), Map.of(key, 3));
      QuantisedModel model = ModelCompiler.network(source, QuantisationOptions.defaults());
      assertThat(model.network().inputs().getFirst().n()).isEqualTo(3);
    }
  }

  @Test
  void integersPassThroughTheHost() throws IOException {
    Graph graph =
        new Graph(
            "test",
            17,
            List.of("x"),
            List.of(new Node("n", new Op.Identity(), List.of("x"), List.of("y"), List.of())),
            List.of(new Graph.Result("y", "y")),
            Map.of(
                "x", new ValueType(ElementType.INT64, Shape.of(2)),
                "y", new ValueType(ElementType.INT64, Shape.of(2))),
            Map.of(),
            Map.of());
    Path file = Files.write(folder.resolve("integers.onnx"), OnnxWriter.write(graph));
    QuantisedModel model =
        ModelCompiler.network(
            ModelSource.of(file.toString(), Map.of()), QuantisationOptions.defaults());
    byte[] input = model.inputs().getFirst().quantise(new float[] {-3, 70_000});
    Map<String, byte[]> results = Interpreter.run(model.network(), Map.of("x", input));
    QuantisedModel.Result result = model.outputs().getFirst();
    byte[] bytes = Objects.requireNonNull(results.get(result.tensor().name()));
    assertThat(result.dequantise(bytes)).containsExactly(-3, 70_000);
    assertThatThrownBy(() -> model.inputs().getFirst().quantise(new float[] {0.5f, 1}))
        .isInstanceOf(UserError.class);
  }

  @Test
  void outputsThatAreConstant() throws IOException {
    refused(OnnxWriter.write(image().constant("k", 3).output("k").build()))
        .hasMessageContaining("output 'k' does not depend on the inputs");
  }

  @Test
  void calibrationInputsOfTheWrongSize() {
    QuantisationOptions options =
        QuantisationOptions.calibratedOn(List.of(Map.of("input", new float[7])));
    assertThatThrownBy(() -> ModelCompiler.network(ModelSource.of("ds_cnn", Map.of()), options))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'input' has 7 values; the model takes float[1x1x49x10]");
  }

  @Test
  void unknownPasses() {
    assertThatThrownBy(() -> Pipeline.standard().through("inline"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the passes are fold-constants, ");
    assertThatThrownBy(() -> Pipeline.standard().without(List.of("inline")))
        .isInstanceOf(UserError.class);
    assertThatThrownBy(() -> Pipeline.standard().only(List.of("fuse-residual", "fuse-pool")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("fuse-residual runs before FusePool");
  }

  /** Whatever bytes change in a file, a user sees a network or a message. */
  @Test
  void damagedModels() throws IOException {
    Op conv = new Op.Conv(new Window(3, 3, 2, 1, 1, 1, 1, 1, 0, 1), 1);
    byte[] whole =
        OnnxWriter.write(
            image()
                .constant("w", 2, 2, 3, 3)
                .node("c", conv, "x", "w")
                .node("m", new Op.MaxPool(new Window(2, 2, 1, 1, 1, 1, 0, 0, 0, 0)), "c")
                .node("p", new Op.Pad(List.of(0, 0, 1, 0), List.of(0, 0, 0, 1), 0), "m")
                .node("t", new Op.Transpose(List.of(0, 2, 3, 1)), "p")
                .node("y", new Op.Reshape(Shape.of(2, 8)), "t")
                .output("y")
                .build());
    Path file = folder.resolve("damaged.onnx");
    int refused = 0;
    for (int seed = 0; seed < FUZZED; seed++) {
      byte[] damaged = whole.clone();
      Random random = new Random(seed);
      for (int change = 0; change <= random.nextInt(3); change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        ModelCompiler.network(
            ModelSource.of(file.toString(), Map.of()), QuantisationOptions.defaults());
      } catch (UserError e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(refused).isGreaterThan(FUZZED / 10);
  }
}
