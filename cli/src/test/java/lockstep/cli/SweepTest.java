// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lockstep.sweep.store.StudyLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole studies, small ones: three matrix products on a dozen machines. */
class SweepTest {
  private static final String MODEL =
      """
      Layer name, M, N, K,
      first, 40, 24, 50,
      second, 33, 17, 24,
      third, 1, 10, 60,
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int explore(String... arguments) {
    try (var toOut = new PrintWriter(out);
        var toErr = new PrintWriter(err)) {
      return Explore.run(toOut, toErr, arguments);
    }
  }

  private Path study(String sweep) throws IOException {
    Files.writeString(folder.resolve("gemms.csv"), MODEL);
    var machine = Files.readString(Path.of("../arch-specs/systolic.yaml"));
    return Files.writeString(
        folder.resolve("study.yaml"), machine.substring(0, machine.indexOf("sweep:")) + sweep);
  }

  private Path twelveMachines() throws IOException {
    return study(
        """
        sweep:
          name: twelve
          models: [gemms.csv]
          parameters:
            array.rows: {values: [4, 8, 12]}
            array.cols: {values: [4, 6]}
            scratchpad.capacity_bytes: {values: [1024, 16384]}
          verify: {front: false}
        """);
  }

  @Test
  void theCompilersChoicesAreParametersOfAStudy() throws IOException {
    String machine = Files.readString(Path.of("../arch-specs/npu.yaml"));
    Path file =
        Files.writeString(
            folder.resolve("choices.yaml"),
            machine.substring(0, machine.indexOf("sweep:"))
                + """
                sweep:
                  models: [resnet8]
                  objectives: [latency]
                  parameters:
                    mapping: {values: [[], [{match: "*", unroll: {pixels: 1, channels: 1}}]]}
                    without: {values: [[], [fuse-residual]]}
                """);
    Path study = folder.resolve("choices");

    assertThat(explore("sweep", file.toString(), "-o", study.toString(), "--no-verify"))
        .as(err.toString())
        .isZero();

    var rows = Files.readAllLines(study.resolve("results.csv"));
    assertThat(rows).hasSize(5);
    assertThat(rows.get(1)).contains(",none,none,");
    assertThat(rows.get(4)).contains(",\"*: unroll (pixels 1, channels 1)\",fuse-residual,");
    int column = List.of(rows.getFirst().split(",")).indexOf("resnet8.cycles");
    assertThat(rows.subList(1, 5).stream().map(row -> words(row).get(column)).distinct())
        .as("each choice alone, and both, change the cycles")
        .hasSize(4);
    assertThat(Files.readString(study.resolve("report.html")))
        .contains("<dd class=\"w\">none</dd>", "<td>fuse-residual</td>");
    assertThat(explore("report", study.toString())).as(err.toString()).isZero();
  }

  private static List<String> words(String row) {
    return List.of(row.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
  }

  @Test
  void aKilledSweepEndsWithTheSameBytes() throws Exception {
    var file = twelveMachines();
    Path whole = folder.resolve("whole");
    assertThat(explore("sweep", file.toString(), "-o", whole.toString(), "-j", "2"))
        .as(err.toString())
        .isZero();

    Path killed = folder.resolve("killed");
    Path trials = killed.resolve("trials.jsonl");
    for (int lines = 2; lines <= 8; lines += 3) {
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Explore.class.getName(),
                  "sweep",
                  file.toString(),
                  "-o",
                  killed.toString(),
                  "-j",
                  "1")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("killed.log").toFile())
              .start();
      while (process.isAlive() && (!Files.exists(trials) || lines(trials) < lines)) {
        Thread.sleep(2);
      }
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    assertThat(lines(trials)).isGreaterThanOrEqualTo(2);
    Files.write(trials, "{\"id\":\"cut o".getBytes(), java.nio.file.StandardOpenOption.APPEND);

    assertThat(explore("sweep", file.toString(), "-o", killed.toString())).isZero();
    for (String each : new String[] {"results.csv", "pareto.csv"}) {
      assertThat(killed.resolve(each)).hasSameBinaryContentAs(whole.resolve(each));
    }
    assertThat(err.toString()).contains("the last line was cut off");
  }

  private static long lines(Path file) throws IOException {
    return Files.readString(file).lines().count();
  }

  @Test
  void reportsAgainFromTheStore() throws IOException {
    var file = twelveMachines();
    Path study = folder.resolve("s");
    assertThat(explore("sweep", file.toString(), "-o", study.toString())).isZero();
    var before = Files.readString(study.resolve("report.html"));
    var results = Files.readString(study.resolve("results.csv"));
    Files.delete(study.resolve("report.html"));
    assertThat(explore("report", study.toString())).as(err.toString()).isZero();
    assertThat(study.resolve("report.html")).content().isEqualTo(before);
    assertThat(study.resolve("results.csv")).content().isEqualTo(results);
    assertThat(explore("sweep", file.toString(), "-o", study.toString())).isZero();
    assertThat(err.toString()).contains("12 of 12 trials are already there");
  }

  @Test
  void studiesOfTwoFamiliesStandSideBySide() throws IOException {
    var systolic =
        study(
            """
            sweep:
              name: squares
              models: [gemms.csv]
              parameters: {array.rows: {values: [8, 16]}}
              verify: {front: false}
            """);
    var npu = Files.readString(Path.of("../arch-specs/npu.yaml"));
    var bundles =
        Files.writeString(
            folder.resolve("bundles.yaml"),
            npu.substring(0, npu.indexOf("sweep:"))
                + """
                sweep:
                  name: bundles
                  models: [gemms.csv]
                  parameters: {slots.vector.count: {values: [1, 2]}}
                  verify: {front: false}
                """);
    Path both = folder.resolve("both");
    assertThat(
            explore(
                "sweep",
                bundles.toString(),
                systolic.toString(),
                "-o",
                both.toString(),
                "--set",
                "technology=22nm"))
        .as(err.toString())
        .isZero();
    assertThat(both.resolve("bundles/results.csv")).content().contains("COMPLETE");
    assertThat(both.resolve("report.html"))
        .content()
        .contains("href=\"bundles/report.html\"", "href=\"squares/report.html#design-", "vliw")
        .doesNotContain("not priced by one");
    assertThat(out.toString()).contains("side by side: ");

    assertThat(explore("sweep", systolic.toString(), systolic.toString())).isEqualTo(2);
    var others =
        Files.writeString(
            folder.resolve("others.yaml"),
            Files.readString(bundles).replace("[gemms.csv]", "[resnet8]"));
    assertThat(explore("sweep", others.toString(), systolic.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("two studies are named `squares`")
        .contains("only studies on the same models stand side by side");
  }

  @Test
  void machinesThatAreTooSmallFailWithAReason() throws IOException {
    var file =
        study(
            """
            sweep:
              models: [gemms.csv]
              parameters:
                array.rows: {values: [8, 200]}
                accumulator.capacity_bytes: {values: [64, 16384]}
              constraints: [area_mm2 <= 0.0001]
              verify: {front: false}
            """);
    Path study = folder.resolve("small");
    assertThat(explore("sweep", file.toString(), "-o", study.toString())).isZero();
    var results = Files.readString(study.resolve("results.csv"));
    assertThat(results).contains("FAILED").contains("does not meet area_mm2 <= 0.0001");
    assertThat(out.toString()).contains("0 on the front");
    assertThat(study.resolve("report.html")).content().contains("there is nothing to recommend");
  }

  @Test
  void shardsTogetherAreTheWhole() throws IOException {
    var file = twelveMachines().toString();
    var parts = folder.resolve("parts").toString();
    assertThat(explore("sweep", file, "-o", parts, "--shard", "1/2")).isZero();
    assertThat(explore("sweep", file, "-o", parts, "--shard", "2/2")).isZero();
    assertThat(explore("sweep", file, "-o", parts)).isZero();
    assertThat(err.toString()).contains("12 of 12 trials are already there");
    assertThat(explore("sweep", file, "-o", folder.resolve("whole").toString())).isZero();
    assertThat(folder.resolve("parts/results.csv"))
        .hasSameBinaryContentAs(folder.resolve("whole/results.csv"));
  }

  @Test
  void drawnStudiesRunToo() throws IOException {
    for (String method : new String[] {"sobol", "random"}) {
      var file =
          study(
              """
              sweep:
                method: %s
                run_cap: 5
                models: [gemms.csv]
                objectives: [edp, area]
                parameters:
                  array.rows: {min: 2, max: 9}
                  clock_mhz: {min: 100, max: 900, distribution: log_uniform}
                  array.dataflows: {values: [[ws], [os]]}
                constraints: [gemms.utilisation >= 0.01]
                verify: {front: false}
              """
                  .formatted(method));
      assertThat(explore("sweep", file.toString(), "-o", folder.resolve(method).toString()))
          .as(err.toString())
          .isZero();
      assertThat(out.toString()).contains("5 trials");
    }
    assertThat(folder.resolve("sobol/results.csv"))
        .content()
        .isNotEqualTo(Files.readString(folder.resolve("random/results.csv")));
  }

  @Test
  void aConstraintOnNothingIsRefusedBeforeAnyTrial() throws IOException {
    var file =
        study(
            """
            sweep:
              models: [gemms.csv]
              parameters: {array.rows: {values: [4, 8]}}
              constraints: [area_cm2 <= 5]
            """);
    Path study = folder.resolve("none");
    assertThat(explore("sweep", file.toString(), "-o", study.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("there is no metric `area_cm2`");
    assertThat(study).doesNotExist();
  }

  @Test
  void mistakesOfTheUserAreExplained() throws IOException {
    var file = twelveMachines().toString();
    assertThat(explore("sweep", "../arch-specs/tiny-4x4.yaml")).isEqualTo(2);
    assertThat(explore("sweep", file, "--shard", "3/2")).isEqualTo(2);
    assertThat(explore("sweep", file, "-o", file)).isEqualTo(2);
    assertThat(explore("sweep", file, "-j", "0")).isEqualTo(2);
    assertThat(explore("report", folder.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("has no study")
        .contains("--shard 3/2")
        .contains("is not the folder of a study")
        .doesNotContain("internal error");
  }

  @Test
  void aStudyHasOneWriter() throws IOException {
    var file = twelveMachines().toString();
    Path study = folder.resolve("busy");
    try (var _ = StudyLock.ofStudy(study)) {
      assertThat(explore("sweep", file, "-o", study.toString())).isEqualTo(2);
    }
    assertThat(err.toString()).contains("another process is working on this study");
    assertThat(study.resolve("trials.jsonl")).doesNotExist();
    assertThat(explore("sweep", file, "-o", study.toString())).isZero();
    try (var _ = StudyLock.ofStudy(study)) {
      assertThat(explore("report", study.toString())).isEqualTo(2);
    }
  }

  @Test
  void namesFromModelsStayText() throws IOException {
    var file =
        study(
            """
            sweep:
              models: ['a<b>.csv']
              parameters: {array.rows: {values: [4, 8]}}
              verify: {front: false}
            """);
    Files.writeString(
        folder.resolve("a<b>.csv"), "Layer, M, N, K,\n<img src=x onerror=alert(1)>, 9, 7, 11,\n");
    Path study = folder.resolve("names");
    assertThat(explore("sweep", file.toString(), "-o", study.toString()))
        .as(err.toString())
        .isZero();
    assertThat(study.resolve("report.html"))
        .content()
        .contains("onerror")
        .doesNotContain("<img")
        .doesNotContain("a<b>");
  }

  /** A verilator that says its version and fails at anything else, first on the PATH. */
  @Test
  void aBuildThatFailsIsNoDifference() throws Exception {
    var file =
        study(
            """
            sweep:
              models: [gemms.csv]
              parameters: {array.rows: {values: [4]}}
            """);
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String each : new String[] {"verilator", "g++", "make"}) {
      Files.writeString(
              tools.resolve(each),
              "#!/bin/sh\n[ \"$1\" = --version ] && echo 1.0 && exit\necho '%Error: broken'\nexit 1\n")
          .toFile()
          .setExecutable(true);
    }
    Path study = folder.resolve("broken");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Explore.class.getName(),
                "sweep",
                file.toString(),
                "-o",
                study.toString())
            .redirectErrorStream(true);
    process.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    process.environment().put("LOCKSTEP_CACHE", folder.resolve("cache").toString());
    var running = process.start();
    var text = new String(running.getInputStream().readAllBytes());
    assertThat(running.waitFor()).as(text).isEqualTo(1);
    assertThat(text)
        .contains("not verified: the generated Verilog does not build")
        .contains("%Error");
    assertThat(study.resolve("pareto.csv"))
        .content()
        .contains("simulated")
        .doesNotContain("differs");
    assertThat(study.resolve("report.html")).content().contains("does not build");
  }

  @Test
  void aVerificationByAnotherGeneratorIsDoneAgain() throws IOException {
    var file = twelveMachines();
    Path study = folder.resolve("kept");
    assertThat(explore("sweep", file.toString(), "-o", study.toString())).isZero();
    Path evidence = study.resolve("evidence.json");
    var verified = Files.readString(evidence).replace("\"SIMULATED\"", "\"RTL_VERIFIED\"");
    Files.writeString(evidence, verified);
    assertThat(explore("sweep", file.toString(), "-o", study.toString())).isZero();
    assertThat(study.resolve("pareto.csv")).content().contains("RTL-verified");
    Files.writeString(evidence, verified.replaceAll("\"verifier\" : \"", "$0another "));
    assertThat(explore("sweep", file.toString(), "-o", study.toString())).isZero();
    assertThat(study.resolve("pareto.csv")).content().doesNotContain("RTL-verified");
  }
}
