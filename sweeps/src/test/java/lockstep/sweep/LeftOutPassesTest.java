// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import lockstep.arch.MachineSpec;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.compiler.network.Network;
import lockstep.compiler.passes.Pipeline;
import lockstep.sweep.run.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeftOutPassesTest {
  private static final Path NPU = Path.of("../arch-specs/npu.yaml");
  private static final Path SYSTOLIC = Path.of("../arch-specs/systolic.yaml");

  @TempDir Path folder;

  private static Workload load(MachineSpec spec, String... leftOut) {
    return Workload.load(
        "resnet8",
        Path.of(""),
        new Workload.Reading(
            Map.of(),
            List.of(),
            1,
            Pipeline.standard().without(List.of(leftOut)),
            Target.choices(spec)));
  }

  private static MachineSpec npu(String without) {
    return SpecLoader.load(NPU, List.of("without=" + without));
  }

  private static int layers(Workload workload) {
    return workload.model().network().layers().size();
  }

  @Test
  void aNameThatNoPassHasIsShownWhereItStands() throws IOException {
    String machine = Files.readString(NPU);
    Path file =
        Files.writeString(
            folder.resolve("m.yaml"),
            machine.substring(0, machine.indexOf("sweep:"))
                + """
                without: [fuse-residual, fuse-pol]
                sweep:
                  models: [resnet8]
                  parameters:
                    without: {values: [[], [inlining]]}
                """);
    long line =
        Files.readString(file).lines().takeWhile(each -> !each.startsWith("without")).count();

    assertThatThrownBy(() -> LeftOutPasses.check(SpecLoader.load(file, List.of())))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "%s:%d:26: there is no pass `fuse-pol`; did you mean `fuse-pool`?\n"
                    .formatted(file, line + 1)
                + "%s:%d:29: there is no pass `inlining`; explore compile --print-pipeline lists them"
                    .formatted(file, line + 5));
  }

  @Test
  void stripesAreForMachinesThatHaveThem() {
    var only = "without=[depth-first]";
    LeftOutPasses.check(SpecLoader.load(SYSTOLIC, List.of(only)));
    assertThatThrownBy(() -> LeftOutPasses.check(SpecLoader.load(NPU, List.of(only))))
        .hasMessageContaining("there is no pass `depth-first`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fuse-residual", "fuse-activation"})
  void optionAndKeyAddUp(String option) {
    var spec = npu("[fuse-residual]");
    var both = load(npu("[fuse-residual, fuse-activation]"));
    var added = load(spec, option);
    assertThat(layers(added)).isEqualTo(layers(option.equals("fuse-residual") ? load(spec) : both));
    assertThat(layers(load(spec))).isBetween(layers(load(npu("[]"))) + 1, layers(both) - 1);
  }

  @Test
  void aStudysModelIsPreparedOnceForEachListOfPasses() {
    var base = load(npu("[]"));
    List<Network> networks =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () ->
                            base.as(
                                    Target.choices(
                                        npu(i % 2 == 0 ? "[]" : "[fuse-residual, fuse-pool]")))
                                .model()
                                .network()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    for (int i = 0; i < networks.size(); i++) {
      assertThat(networks.get(i)).isSameAs(networks.get(i % 2));
    }
    assertThat(networks.get(0)).isSameAs(base.model().network());
    assertThat(networks.get(1).layers()).hasSizeGreaterThan(networks.get(0).layers().size());
    var other = base.as(Target.choices(npu("[fuse-pool, fuse-residual]")));
    assertThat(other.model().network()).isSameAs(networks.get(1));
    assertThat(other.as(Target.choices(npu("[]"))).model().network())
        .as("what another machine left out")
        .isSameAs(networks.get(0));
  }
}
