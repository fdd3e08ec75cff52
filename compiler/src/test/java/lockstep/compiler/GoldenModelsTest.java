// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What small models of the zoo become, as {@link ModelText}. {@code -Dlockstep.goldens=write}
 * writes the files.
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
    ModelText become = ModelText.of(model);
    String text = become.text(become.on(machine));
    if ("write".equals(System.getProperty("lockstep.goldens"))) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text, StandardCharsets.UTF_8);
    }
    assertThat(Files.readString(file, StandardCharsets.UTF_8))
        .as("%s; -Dlockstep.goldens=write writes it again", file)
        .isEqualTo(text);
  }
}
