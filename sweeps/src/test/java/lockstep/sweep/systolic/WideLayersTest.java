// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lockstep.arch.MachineSpec;
import lockstep.arch.SpecLoader;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.LayerRule;
import lockstep.arch.quantisation.Quantisation;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Network;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.sweep.verify.DeviceUnderTest;
import lockstep.sweep.verify.Execution;
import org.junit.jupiter.api.Test;

/** Layers too wide for the array, between others: the same bytes as the interpreter's. */
class WideLayersTest {
  private static final MachineSpec MACHINE =
      SpecLoader.load(Path.of("../arch-specs/gemmini-16x16.yaml"), List.of());

  private static CompiledModel compiled(LayerRule... rules) {
    Quantisation choices = new Quantisation(LayerQuantisation.DEFAULT, List.of(rules));
    Network network =
        ModelCompiler.network(
                ModelSource.of("resnet8", Map.of()), QuantisationOptions.defaults().with(choices))
            .network();
    return SystolicCompiler.compile(network, (SystolicArchitecture) MACHINE.architecture(), "");
  }

  private static LayerRule rule(String match, Integer weightBits, Integer activationBits) {
    return new LayerRule(match, null, null, weightBits, activationBits, null);
  }

  @Test
  void theHostsIntegersMeetTheMachines() {
    CompiledModel model = compiled(rule("conv4", null, 16), rule("conv13", 12, null));
    assertThat(model.hostLayers().stream().map(each -> each.layer().name()))
        .as("who writes, reads and adds conv4's 16-bit result, and who has 12-bit weights")
        .containsExactly("conv4", "conv7", "conv10", "conv13");
    assertThat(model.programs()).hasSizeGreaterThan(2);
    Map<String, byte[]> inputs = Execution.drawnInputs(model, 7);
    Execution execution = Execution.of(DeviceUnderTest.of(MACHINE.architecture()), model, inputs);
    Map<String, byte[]> expected = Interpreter.run(model.network(), inputs);
    assertThat(execution.outputs()).isNotEmpty();
    execution
        .outputs()
        .forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(expected.get(name)));
  }

  @Test
  void withoutWideLayersNothingIsOnTheHost() {
    assertThat(compiled(rule("conv4", 4, 5)).hostLayers()).isEmpty();
  }
}
