// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.arch.vliw.VliwMapping;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.network.Network;
import lockstep.compiler.program.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingRulesTest {
  private static final Path NPU = Path.of("../arch-specs/npu.yaml");
  private static final Network RESNET8 =
      ModelCompiler.network(ModelSource.of("resnet8", Map.of()), QuantisationOptions.defaults())
          .network();

  private static VliwModel compile(String... rules) {
    var spec = SpecLoader.load(NPU, List.of("mapping=[" + String.join(", ", rules) + "]"));
    List<MappingRule> mapping = ((VliwMapping) spec.mapping()).rules();
    return VliwCompiler.compile(RESNET8, (VliwArchitecture) spec.architecture(), "", mapping);
  }

  private static List<String> loops(VliwModel model, String layer) {
    return model.kernels().stream()
        .filter(each -> each.layer().equals(layer))
        .map(Kernel::name)
        .toList();
  }

  private static String mapping(VliwModel model, String layer) {
    return programs(model)
        .flatMap(program -> program.layers().stream())
        .filter(each -> each.name().equals(layer))
        .findFirst()
        .orElseThrow()
        .mapping();
  }

  private static Stream<Program> programs(VliwModel model) {
    return model.model().programs().stream();
  }

  private static List<Integer> bytes(VliwModel model) {
    return programs(model)
        .flatMap(program -> program.segments().stream())
        .map(segment -> Arrays.hashCode(segment.bytes()))
        .toList();
  }

  @Test
  void aLayerIsUnrolledAsItIsTold() {
    var model = compile("{match: conv2, unroll: {pixels: 1, channels: 2}, innermost: depths}");
    assertThat(loops(model, "conv2"))
        .hasSize(2)
        .allMatch(name -> name.contains(" 1x2 operands"))
        .anyMatch(name -> name.startsWith("depths,"));
    var own = compile();
    assertThat(loops(own, "conv2")).noneMatch(name -> name.contains(" 1x2 operands"));
    assertThat(loops(model, "conv4")).isEqualTo(loops(own, "conv4"));
  }

  @Test
  void whatALayerIsToldOfItsTilesIsWhatItHas() {
    var model =
        compile("{match: conv2, tile: [5, 9], output_blocks: 1, outer: channels, buffers: 1}");
    assertThat(mapping(model, "conv2"))
        .isEqualTo("tiles of 5x9 pixels, 1 blocks, outer channels, 1 buffer");
    assertThat(mapping(model, "conv4")).isEqualTo(mapping(compile(), "conv4"));
  }

  @Test
  void theLastRuleThatMatchesWinsChoiceByChoice() {
    var model =
        compile(
            "{match: 'conv*', unroll: {pixels: 1}, buffers: 1}",
            "{match: conv2, unroll: {pixels: 2}}");
    assertThat(loops(model, "conv2")).allMatch(name -> name.contains(" 2x"));
    assertThat(mapping(model, "conv2")).endsWith("1 buffer");
    assertThat(loops(model, "conv4")).allMatch(name -> name.contains(" 1x"));
  }

  @Test
  void theCompilersOwnChoicesGiveItsOwnProgram() {
    var own = compile();
    assertThat(loops(own, "conv0")).containsExactly("all depths, 2x2 operands of 4x1 pixels");
    var told =
        compile(
            "{match: conv0, unroll: {pixels: 2, channels: 2}, innermost: pixels, tile: [8, 32],"
                + " output_blocks: 2, outer: channels, buffers: 2}",
            "{match: nothing, buffers: 1}");
    assertThat(mapping(told, "conv0")).isEqualTo(mapping(own, "conv0"));
    assertThat(bytes(told)).isEqualTo(bytes(own));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tile: [64, 8]                     | {tile: [64, 8]} cannot be, its output has 32x32 pixels; left out, the compiler takes {tile: [8, 32]}
          output_blocks: 9                  | {output_blocks: 9} cannot be, its output has 2 of 8 channels each; left out, the compiler takes {output_blocks: 2}
          unroll: {pixels: 8, channels: 4}  | {unroll: {pixels: 8, channels: 4}} cannot be with 8 accumulator registers
          unroll: {channels: 3}             | left out, the compiler takes {unroll: {pixels: 2, channels: 2}}
          innermost: depths                 | {innermost: depths} cannot be: depths takes two blocks of input channels
          """)
  void whatCannotBeIsRefusedWithWhatCan(String choice, String message) {
    assertThatThrownBy(() -> compile("{match: 'conv?', " + choice + "}"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("mapping of layer conv0 (rule `conv?`): ")
        .hasMessageContaining(message);
  }

  @Test
  void ofChoicesThatCannotBeTogetherOneIsNamed() {
    assertThatThrownBy(
            () -> compile("{match: conv2, innermost: pixels, unroll: {pixels: 4, channels: 2}}"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("{unroll: {pixels: 4, channels: 2}} cannot be");
  }
}
