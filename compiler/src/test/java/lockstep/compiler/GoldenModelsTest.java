// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lockstep.arch.SpecLoader;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.compiler.systolic.SystolicCompiler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What small models of the zoo become, as text: the graph behind all passes, node by node, and what
 * a machine makes of it, layer by layer. Numbers of weights and encodings are left out, since the
 * last bits of a calibration differ from CPU to CPU. {@code -Dlockstep.goldens=write} writes the
 * files.
 */
class GoldenModelsTest {
  private static final Path FOLDER = Path.of("src", "test", "resources", "golden-models");

  @ParameterizedTest
  @CsvSource({
    "resnet8, gemmini-16x16",
    "resnet8, tiny-4x4",
    "ds_cnn, gemmini-16x16",
    "ds_cnn, tiny-4x4",
    "autoencoder, gemmini-16x16",
    "autoencoder, tiny-4x4",
    "bert_tiny, gemmini-16x16",
    "bert_tiny, tiny-4x4",
  })
  void becomeWhatTheyWere(String model, String machine) throws IOException {
    Path file = FOLDER.resolve(model + "-" + machine + ".txt");
    String text = text(ModelSource.of(model, Map.of()), machine);
    if ("write".equals(System.getProperty("lockstep.goldens"))) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text, StandardCharsets.UTF_8);
    }
    assertThat(Files.readString(file, StandardCharsets.UTF_8))
        .as("%s; -Dlockstep.goldens=write writes it again", file)
        .isEqualTo(text);
  }

  private static String text(ModelSource source, String machine) {
    SystolicArchitecture arch =
        (SystolicArchitecture)
            SpecLoader.load(Path.of("../arch-specs", machine + ".yaml"), List.of()).architecture();
    StringBuilder text = new StringBuilder("graph\n");
    Graph graph = Pipeline.standard().run(ModelCompiler.read(source));
    for (Node node : graph.nodes()) {
      text.append("  ")
          .append(node.name())
          .append(" = ")
          .append(node.op().getClass().getSimpleName());
      for (String input : node.inputs()) {
        boolean constant = graph.constants().containsKey(input);
        text.append(constant ? " constant" : " " + input);
        text.append(input.isEmpty() ? "-" : ":" + graph.type(input));
      }
      text.append(" -> ").append(graph.type(node.output())).append('\n');
    }
    CompiledModel compiled =
        SystolicCompiler.compile(
            ModelCompiler.network(source, QuantisationOptions.defaults()).network(), arch, "");
    for (CompiledModel.Step step : compiled.steps()) {
      switch (step) {
        case CompiledModel.OnHost host ->
            text.append("host ").append(host.layer().name()).append('\n');
        case CompiledModel.Accelerator accelerator -> {
          Program program = accelerator.program();
          text.append("program ").append(program.name()).append('\n');
          for (Program.LayerInfo layer : program.layers()) {
            text.append(
                "  %s: %d macs, at least %d bytes, %s\n"
                    .formatted(layer.name(), layer.macs(), layer.boundBytes(), layer.mapping()));
          }
        }
      }
    }
    return text.toString();
  }
}
