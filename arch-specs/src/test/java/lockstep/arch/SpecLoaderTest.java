// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lockstep.arch.quantisation.Calibration;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.Pruning;
import lockstep.arch.quantisation.Quantisation;
import lockstep.arch.systolic.MappingRule;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.arch.systolic.SystolicMapping;
import lockstep.arch.vliw.MappingRule.Innermost;
import lockstep.arch.vliw.MappingRule.Size;
import lockstep.arch.vliw.VliwMapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class SpecLoaderTest {
  private static final Path GEMMINI = Path.of("gemmini-16x16.yaml");

  @TempDir Path folder;

  private static SystolicArchitecture systolic(MachineSpec spec) {
    return (SystolicArchitecture) spec.architecture();
  }

  private static JsonNode number(int value) {
    return JsonNodeFactory.instance.numberNode(value);
  }

  @Test
  void defaultsFollowTheArray() {
    var machine =
        systolic(
            SpecLoader.load(Path.of("systolic.yaml"), List.of("array.rows=24", "array.cols=5")));

    assertThat(machine.scratchpad().widthBytes()).isEqualTo(24);
    assertThat(machine.accumulator().widthBytes()).isEqualTo(20);
    assertThat(machine.postProcessing()).isEqualTo(new SystolicArchitecture.PostProcessing(5, 32));
    assertThat(machine.queues()).isEqualTo(new SystolicArchitecture.Queues(8, 16));
    assertThat(machine.memory().capacityBytes()).isEqualTo(1L << 30);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "systolic",
        "gemmini-16x16",
        "tpu-v1",
        "tiny-4x4",
        "npu",
        "npu-wide",
        "npu-aie-like"
      })
  void resolvedTextLoadsToTheSameMachine(String name) throws IOException {
    var spec = SpecLoader.load(Path.of(name + ".yaml"), List.of());
    var copy = Files.writeString(folder.resolve("copy.yaml"), spec.resolvedYaml());

    var again = SpecLoader.load(copy, List.of());

    assertThat(again.architecture()).isEqualTo(spec.architecture());
    assertThat(again.resolvedYaml()).isEqualTo(spec.resolvedYaml());
    assertThat(
            ResolvedYaml.of(
                spec.architecture(), spec.quantisation(), spec.mapping(), spec.without()))
        .isEqualTo(spec.resolvedYaml())
        .startsWith(spec.hardwareYaml());
  }

  @Test
  void quantisationHasDefaultsAndRulesInOrder() throws IOException {
    var plain = SpecLoader.load(GEMMINI, List.of());
    var text =
        Files.readString(GEMMINI)
            + """
            quantisation:
              calibration: percentile
              weight_bits: 4
              pruning: {kind: magnitude, sparsity: 0.25}
              layers:
                - {match: "conv_?", weight_bits: 8, calibration: mse}
                - {match: "*_1", weights: tensor, pruning: {kind: n-of-m}}
            """;

    var spec = SpecLoader.load(Files.writeString(folder.resolve("q.yaml"), text), List.of());

    assertThat(plain.quantisation()).isEqualTo(Quantisation.DEFAULT);
    assertThat(spec.hardwareYaml()).isEqualTo(plain.hardwareYaml());
    assertThat(spec.quantisation().of("fc", List.of("MatMul_0")))
        .isEqualTo(
            new LayerQuantisation(
                new Calibration.Percentile(99.99),
                LayerQuantisation.Granularity.CHANNEL,
                4,
                8,
                new Pruning.Magnitude(0.25)));
    assertThat(spec.quantisation().of("x", List.of("conv_1")))
        .isEqualTo(
            new LayerQuantisation(
                new Calibration.MeanSquaredError(),
                LayerQuantisation.Granularity.TENSOR,
                8,
                8,
                new Pruning.NOfM(2, 4)));
    var again =
        SpecLoader.load(
            Files.writeString(folder.resolve("again.yaml"), spec.resolvedYaml()), List.of());
    assertThat(again.quantisation()).isEqualTo(spec.quantisation());
    assertThat(again.resolvedYaml()).isEqualTo(spec.resolvedYaml());
  }

  @Test
  void mappingRulesAreReadInOrderAndWrittenAgain() throws IOException {
    var text =
        Files.readString(GEMMINI)
            + """
            mapping:
              - {match: "conv_*", tile: [4, 8], outer: weights, dataflow: os}
              - {match: "conv_1", reduction: patches, tile: [2, 2], banks: {weights: 2}, depth_first: off}
            """;
    var spec = SpecLoader.load(Files.writeString(folder.resolve("m.yaml"), text), List.of());

    var rules = ((SystolicMapping) spec.mapping()).rules();

    assertThat(MappingRule.of(rules, "conv_1"))
        .isEqualTo(
            new MappingRule(
                "conv_1", Dataflow.OS, true, 2, 2, null, null, true, null, 2, null, false));
    assertThat(MappingRule.of(rules, "conv_2").tileW()).isEqualTo(8);
    assertThat(MappingRule.of(rules, "fc").free()).isTrue();
    assertThat(spec.hardwareYaml()).isEqualTo(SpecLoader.load(GEMMINI, List.of()).hardwareYaml());
    var again =
        SpecLoader.load(
            Files.writeString(folder.resolve("again.yaml"), spec.resolvedYaml()), List.of());
    assertThat(again.mapping()).isEqualTo(spec.mapping());
    assertThat(again.resolvedYaml()).isEqualTo(spec.resolvedYaml());
  }

  @Test
  void mappingRulesOfANeuralProcessorAreReadInOrderAndWrittenAgain() throws IOException {
    var file = Path.of("npu.yaml");
    var rules =
        "mapping=[{match: '*', unroll: {pixels: 2}, innermost: lines, buffers: 1},"
            + " {match: conv_1, unroll: {channels: 3}, tile: [2, 5], output_blocks: 4,"
            + " outer: pixels}, {match: conv_2, unroll: {}, outer: channels}]";
    var spec = SpecLoader.load(file, List.of(rules));

    var read = ((VliwMapping) spec.mapping()).rules();

    assertThat(lockstep.arch.vliw.MappingRule.of(read, "conv_1"))
        .isEqualTo(
            new lockstep.arch.vliw.MappingRule(
                "conv_1", 2, 3, Innermost.LINES, new Size(2, 5), 4, true, 1));
    assertThat(lockstep.arch.vliw.MappingRule.of(read, "conv_2").pixelsOuter()).isFalse();
    assertThat(spec.resolvedYaml())
        .contains(
            "mapping: [{match: \"*\", unroll: {pixels: 2}, innermost: lines, buffers: 1}, {match:"
                + " \"conv_1\", unroll: {channels: 3}, tile: [2, 5], output_blocks: 4, outer:"
                + " pixels}, {match: \"conv_2\", outer: channels}]\n");
    assertThat(spec.hardwareYaml()).isEqualTo(SpecLoader.load(file, List.of()).hardwareYaml());
    var again =
        SpecLoader.load(
            Files.writeString(folder.resolve("again.yaml"), spec.resolvedYaml()), List.of());
    assertThat(again.mapping()).isEqualTo(spec.mapping());
    assertThat(again.resolvedYaml()).isEqualTo(spec.resolvedYaml());
  }

  @Test
  void passesToLeaveOutAreASetWhoseOrderIsNothing() throws IOException {
    for (var file : List.of(GEMMINI, Path.of("npu.yaml"))) {
      var spec = SpecLoader.load(file, List.of("without=[fuse-residual, add-to-conv]"));
      var turned = SpecLoader.load(file, List.of("without=[add-to-conv, fuse-residual]"));

      assertThat(spec.without()).containsExactly("add-to-conv", "fuse-residual");
      assertThat(spec.resolvedYaml())
          .isEqualTo(turned.resolvedYaml())
          .endsWith("without: [add-to-conv, fuse-residual]\n");
      var again =
          SpecLoader.load(
              Files.writeString(folder.resolve("again.yaml"), spec.resolvedYaml()), List.of());
      assertThat(again.without()).isEqualTo(spec.without());
      assertThat(SpecLoader.load(file, List.of()).without()).isEmpty();
    }
  }

  @Test
  void quantisationIsSetByOverridesAndByAStudysPoints() {
    var spec = SpecLoader.load(GEMMINI, List.of("quantisation.calibration=entropy"));
    var variant = spec.with(Map.of("quantisation.weight_bits", number(3)));

    assertThat(variant.quantisation().all().calibration()).isEqualTo(new Calibration.Entropy());
    assertThat(variant.quantisation().all().weightBits()).isEqualTo(3);
    assertThat(spec.quantisation().all().weightBits()).isEqualTo(8);
  }

  @Test
  void orderAndWritingOfValuesDoNotReachTheResolvedText() throws IOException {
    var text =
        """
        technology: 45nm
        clock_mhz: 1e3
        memory: {bytes_per_cycle: 0x10, latency_cycles: 0o62, type: lpddr4}
        dma: {width_bytes: 16, outstanding_requests: 16, burst_beats: 16}
        accumulator: {capacity_bytes: 65536, banks: 2}
        scratchpad: {banks: 4, capacity_bytes: 262144}
        array: {dataflows: [os, ws], cols: 16, rows: 16}
        name: gemmini-16x16
        family: systolic
        """;
    var other = SpecLoader.load(Files.writeString(folder.resolve("a.yaml"), text), List.of());

    assertThat(other.resolvedYaml()).isEqualTo(SpecLoader.load(GEMMINI, List.of()).resolvedYaml());
  }

  @Test
  void anchorsAndMergesAreExpandedAndOwnKeysWin() throws IOException {
    var text =
        Files.readString(GEMMINI)
            .replace("scratchpad: {", "scratchpad: &memory {")
            .replace(
                "accumulator: {capacity_bytes: 65536, banks: 2}",
                "accumulator: {banks: 1, <<: *memory}");
    var spec = SpecLoader.load(Files.writeString(folder.resolve("a.yaml"), text), List.of());

    assertThat(systolic(spec).accumulator())
        .isEqualTo(new SystolicArchitecture.Accumulator(262144, 1, 64));
  }

  @Test
  void overridesReachGroupsListsAndTheStudy() {
    var spec =
        SpecLoader.load(
            Path.of("systolic.yaml"),
            List.of(
                "array.dataflows=[os]",
                "queues.unit_depth=3",
                "sweep.run_cap=4",
                "sweep.parameters.array.rows.values=[4]"));

    assertThat(systolic(spec).array().dataflows()).isEqualTo(Set.of(Dataflow.OS));
    assertThat(systolic(spec).queues().unitDepth()).isEqualTo(3);
    var sweep = spec.sweep().orElseThrow();
    assertThat(sweep.path("run_cap").intValue()).isEqualTo(4);
    assertThat(sweep.at("/parameters/array.rows/values").toString()).isEqualTo("[4]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array.rows=300 | --set array.rows=300: `array.rows` must be a whole number from 1 to 256",
        "array.row=3 | --set array.row=3: unknown key `row` in `array`; did you mean `rows`?",
        "array.rows.x=3 | --set array.rows.x=3: `rows` is one value and has no parts",
        "array.rows | --set array.rows: is not path=value",
        "array.rows=[ | --set array.rows=[:1:2: is not valid YAML",
        "array.rows= | --set array.rows=:1:1: the document is empty"
      })
  void aWrongOverrideIsNamed(String example) {
    var parts = example.split(" \\| ", 2);
    assertThatThrownBy(() -> SpecLoader.load(GEMMINI, List.of(parts[0])))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(parts[1]);
  }

  @Test
  void aVariantHasTheDefaultsOfItsOwnValues() {
    var base = SpecLoader.load(GEMMINI, List.of());

    var variant = base.with(Map.of("array.rows", number(32), "scratchpad.banks", number(8)));

    assertThat(systolic(variant).array().rows()).isEqualTo(32);
    assertThat(systolic(variant).scratchpad().widthBytes()).isEqualTo(32);
    assertThat(systolic(variant).scratchpad().banks()).isEqualTo(8);
    assertThat(systolic(base).array().rows()).isEqualTo(16);
  }

  @Test
  void anImpossibleVariantIsNamed() {
    var base = SpecLoader.load(GEMMINI, List.of("scratchpad.width_bytes=16"));
    assertThatThrownBy(() -> base.with(Map.of("array.rows", number(32))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a scratchpad row of 16 bytes cannot feed an array of 32 rows");
  }

  @Test
  void aFolderAndAMissingFileAreNamed() {
    assertThatThrownBy(() -> SpecLoader.load(folder, List.of()))
        .isInstanceOf(UserError.class)
        .hasMessage(folder + ": is a folder; give a YAML file");
    assertThatThrownBy(() -> SpecLoader.load(folder.resolve("none.yaml"), List.of()))
        .isInstanceOf(UserError.class)
        .hasMessage(folder.resolve("none.yaml") + ": there is no such file; check the path");
  }
}
