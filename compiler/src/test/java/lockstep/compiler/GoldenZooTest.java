// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.compiler.zoo.Zoo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every network of the zoo becomes on several machines: a line of {@code zoo.txt} for each,
 * its last word the hash of the whole {@link ModelText}, which lies in {@code
 * target/golden-models}. {@code -Dlockstep.goldens=write} writes the lines, with {@code -Plong}
 * also those of the large networks.
 */
class GoldenZooTest {
  private static final Path FILE = Path.of("src", "test", "resources", "golden-models", "zoo.txt");
  private static final Path TEXTS = Path.of("target", "golden-models");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "autoencoder",
        "bert_tiny",
        "densenet121",
        "ds_cnn",
        "inception_v3",
        "llama_block",
        "mobilenet_v1_025",
        "mobilenet_v2",
        "resnet18",
        "resnet50",
        "resnet8",
        "vit_tiny"
      })
  void becomesWhatItWas(String model) throws IOException {
    check(model, "gemmini-16x16", "tpu-v1");
  }

  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "bert_base, gemmini-16x16, tpu-v1",
    "gpt2_small_decode, gemmini-16x16, tpu-v1",
    "gpt2_small_prefill, gemmini-16x16, tpu-v1",
    "vit_b16, gemmini-16x16, tpu-v1",
    "inception_v3, systolic, tiny-4x4",
    "resnet50, systolic, tiny-4x4",
  })
  void becomesWhatItWasInALongRun(String model, String one, String other) throws IOException {
    check(model, one, other);
  }

  @Test
  void everyNetworkHasALine() throws IOException {
    assertThat(lines().keySet().stream().map(key -> key.split(" ")[0]).distinct())
        .containsExactlyInAnyOrderElementsOf(Zoo.names());
  }

  private static void check(String model, String... machines) throws IOException {
    ModelText become = ModelText.of(model);
    SortedMap<String, String> found = new TreeMap<>();
    for (String machine : machines) {
      CompiledModel compiled = become.on(machine);
      String text = become.text(compiled);
      Files.createDirectories(TEXTS);
      Files.writeString(TEXTS.resolve(model + "-" + machine + ".txt"), text);
      String key = model + " " + machine;
      found.put(key, key + ": " + summary(compiled) + ", text " + hash(text));
    }
    if ("write".equals(System.getProperty("lockstep.goldens"))) {
      SortedMap<String, String> all = Files.exists(FILE) ? lines() : new TreeMap<>();
      all.putAll(found);
      Files.writeString(FILE, String.join("\n", all.values()) + "\n");
    }
    SortedMap<String, String> expected = lines();
    expected.keySet().retainAll(found.keySet());
    assertThat(found)
        .as("%s; the whole texts are in %s; -Dlockstep.goldens=write writes it again", FILE, TEXTS)
        .isEqualTo(expected);
  }

  private static SortedMap<String, String> lines() throws IOException {
    SortedMap<String, String> lines = new TreeMap<>();
    for (String line : Files.readAllLines(FILE)) {
      lines.put(line.substring(0, line.indexOf(':')), line);
    }
    return lines;
  }

  private static String summary(CompiledModel compiled) {
    List<Program.LayerInfo> layers = new ArrayList<>();
    compiled.programs().forEach(program -> layers.addAll(program.layers()));
    int programs = compiled.programs().size();
    return "programs %d, host steps %d, layers %d, macs %d, least bytes %d"
        .formatted(
            programs,
            compiled.steps().size() - programs,
            layers.size(),
            layers.stream().mapToLong(Program.LayerInfo::macs).sum(),
            layers.stream().mapToLong(Program.LayerInfo::boundBytes).sum());
  }

  private static String hash(String text) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(whole, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
