// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.onnx.OnnxWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelVerbsTest {
  private static final String SPEC = "../arch-specs/tiny-4x4.yaml";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;
  private String model = "";

  @BeforeEach
  void model() throws IOException {
    model =
        Files.writeString(
                folder.resolve("gemms.csv"), "Layer, M, N, K,\na, 9, 7, 11,\nb, 4, 3, 7,\n")
            .toString();
  }

  private int explore(String... arguments) {
    try (var toOut = new PrintWriter(out);
        var toErr = new PrintWriter(err)) {
      return Explore.run(toOut, toErr, arguments);
    }
  }

  @Test
  void runShowsEveryLayerInEachForm() throws IOException {
    assertThat(explore("run", model, "--spec", SPEC)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("cycles simulated").contains("nothing runs on the host");

    out.getBuffer().setLength(0);
    Path trace = folder.resolve("trace.json");
    assertThat(
            explore("run", model, "--spec", SPEC, "--format", "json", "--trace", trace.toString()))
        .isZero();
    JsonNode run = JsonMapper.builder().build().readTree(out.toString());
    assertThat(run.path("layers").size()).isEqualTo(2);
    assertThat(run.path("macs").longValue()).isEqualTo(9 * 7 * 11 + 4 * 3 * 7);
    long cycles = run.path("cycles").longValue();
    for (String unit : new String[] {"load.", "execute.", "store.", "dispatch."}) {
      long sum = 0;
      for (JsonNode layer : run.path("layers")) {
        for (var stall : layer.path("stalls").properties()) {
          sum += stall.getKey().startsWith(unit) ? stall.getValue().longValue() : 0;
        }
      }
      assertThat(sum).as("account of %s", unit).isEqualTo(cycles);
    }

    JsonNode events =
        JsonMapper.builder().build().readTree(Files.readString(trace)).path("traceEvents");
    long last = 0;
    for (JsonNode event : events) {
      last = Math.max(last, event.path("ts").asLong(0) + event.path("dur").asLong(0));
    }
    assertThat(last).isPositive().isLessThanOrEqualTo(cycles);

    out.getBuffer().setLength(0);
    assertThat(explore("run", model, "--spec", SPEC, "--format", "csv")).isZero();
    assertThat(out.toString().lines()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {SPEC, "../arch-specs/npu.yaml"})
  void runWritesAWindowOfThePipeline(String spec) throws IOException {
    Path log = folder.resolve("pipeline.log");
    assertThat(
            explore(
                "run", model, "--spec", spec, "--pipeline", log.toString(), "--cycles", "100-400"))
        .as(err.toString())
        .isZero();
    List<String> lines = Files.readAllLines(log);
    assertThat(lines.getFirst()).isEqualTo("Kanata\t0004");
    assertThat(Long.parseLong(lines.get(1).replace("C=\t", ""))).isBetween(100L, 400L);
    assertThat(lines).anyMatch(line -> line.startsWith("R\t0\t"));

    assertThat(explore("run", model, "--spec", spec, "--cycles", "400-100")).isEqualTo(2);
    assertThat(err.toString()).contains("`400-100` is no window of cycles");
  }

  @Test
  void runInFloatsNeedsNoMachine() {
    assertThat(explore("run", "ds_cnn", "--float")).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("in floats, before any pass, on inputs drawn with seed 1")
        .contains("float[1x12]")
        .contains("nothing was compared")
        .doesNotContain("cycles");
    assertThat(explore("run", "ds_cnn", "--float", "--spec", SPEC)).isEqualTo(2);
    assertThat(explore("run", "ds_cnn", "--float", "--input", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("there is no input_0.pb or input_0.npy");
  }

  @Test
  void runInFloatsComparesWithReferenceOutputs() throws IOException {
    var values = new float[] {-1, 2};
    var graph =
        new Graph(
            "relu",
            17,
            List.of("x"),
            List.of(
                new Node(
                    "n", new Op.Activate(Activation.RELU), List.of("x"), List.of("y"), List.of())),
            List.of(new Graph.Result("y", "y")),
            Map.of("x", ValueType.floats(2), "y", ValueType.floats(2)),
            Map.of(),
            Map.of());
    String relu = Files.write(folder.resolve("relu.onnx"), OnnxWriter.write(graph)).toString();
    var set = Files.createDirectories(folder.resolve("test_data_set_0"));
    tensor(set.resolve("input_0.pb"), values);
    tensor(set.resolve("output_0.pb"), 0, 2);
    assertThat(explore("run", relu, "--float")).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("on test_data_set_0")
        .contains("0.000 of the largest value, at most 1.000e-05");
    tensor(set.resolve("output_0.pb"), 0, 2.001f);
    assertThat(explore("run", relu, "--float", "--format", "csv")).isEqualTo(1);
    assertThat(explore("run", relu, "--float", "--input", folder.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("MORE than");
  }

  private static void tensor(Path file, float... values) throws IOException {
    var tensor = TensorProto.newBuilder().setDataType(1).addDims(values.length);
    for (float value : values) {
      tensor.addFloatData(value);
    }
    Files.write(file, tensor.build().toByteArray());
  }

  @Test
  void setChangesTheMachine() {
    assertThat(explore("run", model, "--spec", SPEC, "--format", "csv")).isZero();
    var four = out.toString();
    out.getBuffer().setLength(0);
    assertThat(
            explore(
                "run",
                model,
                "--spec",
                SPEC,
                "--set",
                "array.rows=8",
                "--set",
                "array.cols=8",
                "--format",
                "csv"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).isNotEqualTo(four);
  }

  @Test
  void compileIsaAndZooWriteTheirFiles() {
    assertThat(explore("compile", model, "--spec", SPEC, "-o", folder.resolve("p").toString()))
        .isZero();
    assertThat(Path.of(out.toString().strip())).isDirectoryContaining("glob:**program.s");
    assertThat(explore("isa", SPEC, "-o", folder.resolve("isa").toString())).isZero();
    assertThat(folder.resolve("isa/manual.md")).isNotEmptyFile();
    out.getBuffer().setLength(0);
    assertThat(explore("zoo")).isZero();
    assertThat(out.toString()).contains("resnet8 ").contains("batch=1 tokens=128");
    Path file = folder.resolve("r.onnx");
    assertThat(explore("zoo", "ds_cnn", "-o", file.toString())).isZero();
    assertThat(file).isNotEmptyFile();
    assertThat(explore("zoo", "ds_cnn", "--dim", "tokens=3")).isEqualTo(2);
    assertThat(err.toString()).contains("ds_cnn has no dimension `tokens`; it has batch");
  }

  @Test
  void runOnAMachineOfBundlesShowsItsLoops() throws IOException {
    String npu = "../arch-specs/npu.yaml";
    Path trace = folder.resolve("bundles.json");
    assertThat(explore("run", model, "--spec", npu, "--trace", trace.toString()))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains(
            "matrix unit waits for", "of peak", "loops at their bound", "local memory: at most");
    assertThat(Files.readString(trace)).contains("issue: loops", "DMA in");
    assertThat(explore("run", model, "--spec", npu, "--format", "csv", "--kernels")).isZero();
    assertThat(out.toString()).contains("interval,bound,bound_by", "vector_registers_of");
    assertThat(explore("run", model, "--spec", npu, "--format", "json")).isZero();
    assertThat(out.toString()).contains("\"peakShare\"");
  }

  @Test
  void compareLabelsEveryNumber() {
    assertThat(
            explore(
                "compare",
                "ds_cnn",
                "--spec",
                SPEC,
                "--spec",
                "../arch-specs/npu.yaml",
                "--threads",
                "1",
                "--runs",
                "3",
                "--warmup",
                "1"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .containsPattern("tiny-4x4 +simulated ")
        .containsPattern("npu +simulated ")
        .containsPattern(" measured .*ONNX Runtime 1\\.[0-9.]+ CPU, 1 threads");
    assertThat(explore("compare", "ds_cnn", "--spec", SPEC, "--backend", "cuda")).isEqualTo(3);
    assertThat(explore("compare", model, "--spec", SPEC)).isEqualTo(2);
  }

  @Test
  void mistakesOfTheUserAreExplained() {
    assertThat(explore("run", "no.onnx", "--spec", SPEC)).isEqualTo(2);
    assertThat(explore("run", model, "--spec", "no.yaml")).isEqualTo(2);
    assertThat(explore("run", model)).isEqualTo(2);
    assertThat(explore("zoo", "resnet9")).isEqualTo(2);
    assertThat(explore("run", model, "--spec", SPEC, "--batch", "0")).isEqualTo(2);
    assertThat(err.toString())
        .contains("there is no such file")
        .contains("did you mean resnet8?")
        .doesNotContain("internal error");
  }

  @Test
  void theBufferSizeNamedIsTheLeastThatDoes() {
    assertThat(runWithScratchpad(64)).isEqualTo(2);
    var named = Pattern.compile("capacity_bytes: ([0-9]+) would do").matcher(err.toString());
    assertThat(named.find()).as(err.toString()).isTrue();
    int enough = Integer.parseInt(named.group(1));
    assertThat(runWithScratchpad(enough)).as(err.toString()).isZero();
    assertThat(runWithScratchpad(enough - 1)).isEqualTo(2);
  }

  private int runWithScratchpad(int bytes) {
    return explore("run", "ds_cnn", "--spec", SPEC, "--set", "scratchpad.capacity_bytes=" + bytes);
  }

  @Test
  void calibrationInputsComeFromFolders() {
    Path shared = Path.of("../../shared/workloads/resnet8_float");
    assumeTrue(Files.isDirectory(shared), shared + " is not here: its inputs cannot be tried");
    String network = shared.resolve("model.onnx").toString();
    assertThat(
            explore(
                "run",
                network,
                "--spec",
                SPEC,
                "--calibrate",
                shared.resolve("test_data_set_0").toString(),
                shared.resolve("test_data_set_1").toString()))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("calibrated on 2 given inputs");
    assertThat(
            explore(
                "run",
                "ds_cnn",
                "--spec",
                SPEC,
                "--calibrate",
                shared.resolve("test_data_set_0").toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("input_0.pb: holds 3072 numbers");
  }

  @Test
  void calibrationFoldersMustHoldInputs() {
    assertThat(explore("run", "ds_cnn", "--spec", SPEC, "--calibrate", "nowhere")).isEqualTo(2);
    assertThat(explore("run", model, "--spec", SPEC, "--calibrate", "nowhere")).isEqualTo(2);
    assertThat(err.toString())
        .contains("nowhere/input_0.pb: cannot be read")
        .contains("is a layer list, which has no inputs");
  }
}
