// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What quantisation costs, as {@code run} and {@code sweep} tell it. */
class QualityVerbsTest {
  private static final String TINY = "../arch-specs/tiny-4x4.yaml";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int explore(String... arguments) {
    out.getBuffer().setLength(0);
    try (var toOut = new PrintWriter(out);
        var toErr = new PrintWriter(err)) {
      return Explore.run(toOut, toErr, arguments);
    }
  }

  @Test
  void runTellsTheQualityInEachForm() {
    String bits = "quantisation.weight_bits=4";
    assertThat(explore("run", "ds_cnn", "--spec", TINY, "--quality", "--set", bits))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("SQNR dB")
        .contains("the top class agrees on")
        .contains("weights of 4 bits")
        .contains("the machine skips none");

    assertThat(explore("run", "ds_cnn", "--spec", TINY, "--quality", "--format", "json")).isZero();
    JsonNode quality = JsonMapper.builder().build().readTree(out.toString()).path("quality");
    assertThat(quality.path("sqnrDb").doubleValue()).isGreaterThan(15);
    assertThat(quality.path("layers").size()).isGreaterThan(8);

    assertThat(explore("run", "ds_cnn", "--spec", TINY, "--quality", "--format", "csv")).isZero();
    assertThat(out.toString())
        .startsWith("of,name,figure,value\n")
        .contains("model,,sqnr_db,")
        .contains("zero_weights");
  }

  @Test
  void whatIsTooWideForTheArrayRunsOnTheHostInItsPlace() {
    assertThat(
            explore(
                "run",
                "ds_cnn",
                "--spec",
                TINY,
                "--set",
                "quantisation.layers=[{match: conv8, activation_bits: 16}]"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .containsPattern(
            "conv6 .*\n"
                + "conv8 +512000 +host\n"
                + "conv10 +72000 +host\n"
                + "conv12 +512000 +[0-9]+ ")
        .contains("on the host: conv8 (too wide for the array's 8-bit operands: result 16 bits)")
        .contains("on the host: conv10 (too wide for the array's 8-bit operands: input 16 bits)")
        .contains("21.9% of the multiply-accumulates run on the host");
  }

  @Test
  void compileCountsTheZeros() throws IOException {
    Path place = folder.resolve("programs");
    assertThat(
            explore(
                "compile",
                "ds_cnn",
                "--spec",
                TINY,
                "-o",
                place.toString(),
                "--set",
                "quantisation.pruning={kind: magnitude, sparsity: 0.75}"))
        .as(err.toString())
        .isZero();
    JsonNode layers =
        JsonMapper.builder().build().readTree(Files.readString(place.resolve("weights.json")));
    JsonNode first = layers.get(0);
    assertThat(first.path("zeros").longValue())
        .isGreaterThanOrEqualTo(first.path("weights").longValue() * 3 / 4);
    assertThat(first.path("m").intValue()).isEqualTo(4);
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("labels"), "1\n");
    assertThat(explore("run", "ds_cnn", "--spec", TINY, "--labels", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--labels with --quality");
    assertThat(explore("run", "ds_cnn", "--spec", TINY, "--quality", "--labels", file.toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("labels belong to inputs");
    Path list = Files.writeString(folder.resolve("g.csv"), "Layer, M, N, K,\na, 9, 7, 11,\n");
    assertThat(explore("run", list.toString(), "--spec", TINY, "--quality")).isEqualTo(2);
    assertThat(err.toString()).contains("is a layer list, which has no numbers to lose quality");
  }

  @Test
  void whatTheHostDoesKeepsADesignOffTheFront() throws IOException {
    String machine = Files.readString(Path.of("../arch-specs/systolic.yaml"));
    Path file =
        Files.writeString(
            folder.resolve("wide.yaml"),
            machine.substring(0, machine.indexOf("sweep:"))
                + """
                sweep:
                  models: [ds_cnn]
                  objectives: [latency, sqnr_db]
                  parameters:
                    quantisation.activation_bits: {values: [4, 8, 16]}
                """);
    Path study = folder.resolve("w");

    assertThat(explore("sweep", file.toString(), "-o", study.toString(), "--no-verify"))
        .as(err.toString())
        .isZero();

    List<String> rows = Files.readAllLines(study.resolve("results.csv"));
    assertThat(rows.get(0)).contains("host_mac_share").contains("sqnr_db");
    assertThat(rows.get(2)).contains(",COMPLETE,true,true,8,");
    assertThat(rows.get(3))
        .contains(",COMPLETE,false,false,16,")
        .endsWith("does not meet host_mac_share <= 0");
  }

  @Test
  void aStudyTradesBitsForQuality() throws IOException {
    String machine = Files.readString(Path.of("../arch-specs/systolic.yaml"));
    Path file =
        Files.writeString(
            folder.resolve("study.yaml"),
            machine.substring(0, machine.indexOf("sweep:"))
                + """
                sweep:
                  models: [ds_cnn]
                  objectives: [latency, sqnr_db]
                  parameters:
                    array.rows: {values: [8, 16]}
                    quantisation.weight_bits: {values: [4, 8]}
                    quantisation.pruning: {values: [{kind: none}, {kind: n-of-m}]}
                  constraints: [sqnr_db >= 5]
                """);
    Path study = folder.resolve("s");

    assertThat(explore("sweep", file.toString(), "-o", study.toString(), "--no-verify"))
        .as(err.toString())
        .isZero();

    assertThat(out.toString()).contains("greatest signal over quantisation noise");
    List<List<String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(study.resolve("results.csv"))) {
      rows.add(List.of(line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")));
    }
    int bits = rows.getFirst().indexOf("quantisation.weight_bits");
    int pruning = rows.getFirst().indexOf("quantisation.pruning");
    int sqnr = rows.getFirst().indexOf("sqnr_db");
    assertThat(rows).hasSize(9);
    Set<String> distinct = new HashSet<>();
    Set<String> values = new HashSet<>();
    for (List<String> row : rows.subList(1, 9)) {
      distinct.add(row.get(bits) + row.get(pruning) + row.get(sqnr));
      values.add(row.get(sqnr));
    }
    assertThat(distinct).as("the hardware changes no quality").hasSize(4);
    assertThat(values).hasSize(4);
    assertThat(Files.readString(study.resolve("report.html")))
        .contains("signal over quantisation noise (dB, maximised)");
    assertThat(explore("report", study.toString())).as(err.toString()).isZero();
  }
}
