// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.Architecture;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.program.CompiledModel;
import lockstep.rtl.MachineVerilog;
import lockstep.rtl.VerilatedModel;
import lockstep.sweep.CacheFolder;
import lockstep.sweep.verify.DeviceUnderTest;
import lockstep.sweep.verify.Execution;
import lockstep.sweep.verify.Verification;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The models beside the repository on {@code npu.yaml}: nothing is left for the host, and
 * interpreter, simulator and Verilog agree.
 */
class ShippedModelsOnNpuTest {
  /** The cases that are no network of numbers, by how their names start, and what is said. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "test_strnorm_model", "is of element type STRING",
          "test_sequence_model", "is no tensor of a static shape",
          "test_gradient_of_add", "operator ai.onnx.preview.training.Gradient");

  /** Half a step of the result, and the roundings of inputs and weights. */
  private static final double MOST_STEPS = 2;

  private static final Architecture MACHINE =
      SpecLoader.load(Path.of("../arch-specs/npu.yaml"), List.of()).architecture();
  private static final DeviceUnderTest DEVICE = DeviceUnderTest.of(MACHINE);

  private static final Map<ShippedModel, QuantisedModel> QUANTISED = new HashMap<>();

  private static QuantisedModel quantised(ShippedModel each) {
    return QUANTISED.computeIfAbsent(each, e -> e.quantised(DEVICE.capabilities()));
  }

  private static @Nullable String start(ShippedModel each) {
    return REFUSED.keySet().stream()
        .filter(prefix -> each.name().startsWith(prefix))
        .findFirst()
        .orElse(null);
  }

  static List<ShippedModel> refused() throws IOException {
    return ShippedModel.cases().stream().filter(each -> start(each) != null).toList();
  }

  static List<ShippedModel> networks() throws IOException {
    return ShippedModel.cases().stream().filter(each -> start(each) == null).toList();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsNoNetworkOfNumbersIsRefused(ShippedModel each) {
    assertThatThrownBy(() -> each.quantised(DEVICE.capabilities()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(REFUSED.get(start(each)));
  }

  /** The bytes of all outputs are equal, and what came with the case is as near as codes can be. */
  @ParameterizedTest
  @MethodSource("networks")
  void casesRunOnTheMachine(ShippedModel each) {
    QuantisedModel model = quantised(each);
    CompiledModel compiled = DEVICE.compile(model.network());
    assertThat(reasons(compiled)).isEmpty();
    Map<String, byte[]> outputs = outputs(each, model, compiled);
    for (int i = 0; i < model.outputs().size(); i++) {
      QuantisedModel.Result result = model.outputs().get(i);
      float[] actual = result.dequantise(outputs.get(result.tensor().name()));
      float[] shipped = each.set().outputs().get(i).floats();
      assertThat(steps(actual, shipped, result.tensor().scale()))
          .as("steps of %s", result.name())
          .isLessThan(MOST_STEPS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet8_float", "dscnn_kws_int8_qdq", "vit_tiny_like"})
  void networksRunOnTheMachine(String name) {
    runsOnTheMachine(ShippedModel.network(name));
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"light_squeezenet", "light_resnet50", "light_densenet121"})
  void largeNetworksRunOnTheMachine(String name) {
    runsOnTheMachine(ShippedModel.network(name));
  }

  private static void runsOnTheMachine(ShippedModel each) {
    QuantisedModel model = each.quantised(DEVICE.capabilities());
    CompiledModel compiled = DEVICE.compile(model.network());
    assertThat(reasons(compiled)).isEmpty();
    assertThat(outputs(each, model, compiled)).isNotEmpty();
  }

  private static List<String> reasons(CompiledModel compiled) {
    return compiled.hostLayers().stream().map(h -> h.reason()).toList();
  }

  /** The simulator's, which are the interpreter's. */
  private static Map<String, byte[]> outputs(
      ShippedModel each, QuantisedModel model, CompiledModel compiled) {
    Map<String, byte[]> inputs = each.inputs(model);
    Map<String, byte[]> outputs = Execution.of(DEVICE, compiled, inputs).outputs();
    Map<String, byte[]> expected = Interpreter.run(model.network(), inputs);
    outputs.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(expected.get(name)));
    return outputs;
  }

  private static double steps(float[] actual, float[] expected, double step) {
    assertThat(actual).hasSameSizeAs(expected);
    double most = 0;
    for (int i = 0; i < actual.length; i++) {
      most = Math.max(most, Math.abs((double) actual[i] - expected[i]) / step);
    }
    return most;
  }

  @Test
  void casesRunOnItsVerilog() throws Exception {
    VerilatedModel verilog = built();
    List<String> unequal = new ArrayList<>();
    for (ShippedModel each : networks()) {
      CompiledModel compiled = DEVICE.compile(quantised(each).network());
      Verification found = Verification.of(DEVICE, compiled, verilog, 1);
      if (!found.equal()) {
        unequal.add(each + ": " + found.text());
      }
    }
    assertThat(unequal).isEmpty();
  }

  private static VerilatedModel built() throws InterruptedException {
    try {
      return VerilatedModel.build(
          MachineVerilog.of(MACHINE), CacheFolder.verilated(), VerilatedModel.Variant.QUICK);
    } catch (UserError e) {
      if (e.exitCode() == UserError.MISSING_TOOL) {
        return abort("no co-simulation: " + e.getMessage());
      }
      throw e;
    }
  }
}
