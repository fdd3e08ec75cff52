// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lockstep.arch.MachineSpec;
import lockstep.arch.SpecLoader;
import lockstep.compiler.passes.Pipeline;
import lockstep.sweep.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RooflineTest {
  @ParameterizedTest
  @CsvSource({"npu.yaml, resnet8", "npu.yaml, ds_cnn", "systolic.yaml, ds_cnn"})
  void noLayerIsAboveIt(String machine, String network) {
    MachineSpec spec = SpecLoader.load(Path.of("../arch-specs", machine), List.of());
    var reading =
        new Workload.Reading(Map.of(), List.of(), 1, Pipeline.standard(), Target.choices(spec));
    ModelRun run = Target.of(spec).run(Workload.load(network, Path.of(""), reading));
    assertThat(run.layers())
        .isNotEmpty()
        .allSatisfy(
            layer -> {
              double roof =
                  Math.min(run.peakMacsPerCycle(), layer.intensity() * run.peakBytesPerCycle());
              assertThat((double) layer.macs() / layer.cycles())
                  .as(layer.name())
                  .isLessThanOrEqualTo(roof);
            });
    assertThat(run.layers().stream().mapToLong(LayerRun::dramBytes).sum())
        .isEqualTo(run.dramBytes());
  }
}
