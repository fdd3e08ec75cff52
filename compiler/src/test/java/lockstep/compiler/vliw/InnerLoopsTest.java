// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import lockstep.arch.SpecLoader;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.Workloads;
import lockstep.compiler.passes.Pipeline;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The loops of real networks on the machine of the main study: none can have a shorter interval.
 */
class InnerLoopsTest {
  private static final VliwArchitecture NPU =
      (VliwArchitecture)
          SpecLoader.load(Path.of("../arch-specs/npu.yaml"), List.of()).architecture();

  @ParameterizedTest
  @ValueSource(strings = {"resnet8_float", "dscnn_kws_int8_qdq", "vit_tiny_like"})
  void everyLoopIsScheduledAtItsBound(String name) {
    QuantisationOptions options = QuantisationOptions.defaults();
    var model =
        ModelCompiler.prepare(Workloads.model(name), options, Pipeline.standard())
            .quantised(options.choices(), VliwCompiler.capabilities(NPU));
    List<Kernel> kernels = VliwCompiler.compile(model.network(), NPU, "").kernels();
    assertThat(kernels).hasSizeGreaterThan(9);
    assertThat(kernels).allSatisfy(k -> assertThat(k.interval()).isEqualTo(k.bound()));
  }
}
