// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import lockstep.arch.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExploreTest {
  private static final String SPECS = "../arch-specs/";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int explore(String... arguments) {
    try (var toOut = new PrintWriter(out);
        var toErr = new PrintWriter(err)) {
      return Explore.run(toOut, toErr, arguments);
    }
  }

  @Test
  void helpNamesEveryVerb() {
    assertThat(explore("--help")).isZero();
    assertThat(Verbs.ALL)
        .allSatisfy(verb -> assertThat(out.toString()).contains("  " + verb.name() + " "));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everyVerbHasHelp() {
    for (var verb : Verbs.ALL) {
      out.getBuffer().setLength(0);
      assertThat(explore(verb.name(), "--help")).isZero();
      assertThat(out.toString()).startsWith("Usage: explore " + verb.name());
    }
  }

  @Test
  void withoutAVerbTheHelpIsAnError() {
    assertThat(explore()).isEqualTo(2);
    assertThat(err.toString()).startsWith("Usage: explore VERB");
  }

  @Test
  void aMisspeltVerbIsRecognised() {
    assertThat(explore("vaildate")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo("explore: there is no verb `vaildate`; did you mean explore validate?\n");
  }

  @Test
  void anUnknownOptionIsAnErrorOfUsage() {
    assertThat(explore("explain", "--colour", "x.yaml")).isEqualTo(2);
    assertThat(err.toString())
        .contains("explore explain: Unknown option: '--colour'")
        .contains("Try: explore explain --help")
        .doesNotContain("\tat ");
  }

  @Test
  void validateSaysEveryFile() {
    assertThat(explore("validate", SPECS + "tiny-4x4.yaml", "none.yaml", SPECS + "systolic.yaml"))
        .isEqualTo(2);
    assertThat(out.toString())
        .contains("tiny-4x4.yaml: ok, machine tiny-4x4\n")
        .contains("systolic.yaml: ok, machine systolic with a study\n");
    assertThat(err.toString()).isEqualTo("none.yaml: there is no such file; check the path\n");
  }

  @Test
  void explainMarksDefaultsAndOverridesAndLoadsAgain() throws IOException {
    assertThat(explore("explain", SPECS + "gemmini-16x16.yaml", "--set", "array.rows=8")).isZero();
    assertThat(out.toString())
        .containsPattern("  rows: 8 +# --set array.rows=8\n")
        .containsPattern("  cols: 16\n")
        .containsPattern("  unit_depth: 8 +# default\n")
        .contains("128 MACs a cycle, 128.0 GMAC/s");

    var copy = Files.writeString(folder.resolve("copy.yaml"), out.toString());
    assertThat(explore("validate", copy.toString())).isZero();
  }

  @Test
  void schemaIsTheSchema() {
    assertThat(explore("schema")).isZero();
    assertThat(out.toString()).contains("https://json-schema.org/draft/2020-12/schema");
    assertThat(explore("schema", "quantum")).isEqualTo(2);
  }

  @Test
  void doctorNamesEveryTool() {
    assertThat(explore("doctor")).isZero();
    assertThat(Tool.ALL)
        .allSatisfy(tool -> assertThat(out.toString()).contains("\n" + tool.name() + " "));
  }

  @Test
  void failuresBecomeOneMessageAndAnExitCode() {
    assertThat(report(new UserError("x.yaml:1:2: wrong", 3))).isEqualTo(3);
    assertThat(
            report(
                new UncheckedIOException(
                    new FileSystemException("d/f", null, "No space left on device"))))
        .isEqualTo(2);
    assertThat(report(new AccessDeniedException("d/g"))).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            """
            x.yaml:1:2: wrong
            d/f: the disk is full; free some space and start again
            d/g: there is no permission; change it or choose another path
            """);
  }

  @Test
  void aMistakeOfOursIsLoggedNotShown() throws IOException {
    assertThat(report(new IllegalStateException("lost"))).isEqualTo(70);
    assertThat(err.toString())
        .startsWith("explore: internal error: java.lang.IllegalStateException: lost\n")
        .doesNotContain("\tat ");
    var log = Path.of(err.toString().strip().replaceAll("(?s).* ", ""));
    assertThat(log).content().contains("\tat ");
    Files.delete(log);
  }

  private int report(Throwable failure) {
    var writer = new PrintWriter(err, true);
    return Failures.report(failure, writer);
  }

  @Test
  void nestingHasAnEnd() throws IOException {
    var deep = Files.writeString(folder.resolve("deep.yaml"), "[".repeat(100_000));
    assertThat(explore("validate", deep.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("deep.yaml").contains("nested too deeply");
  }

  @Test
  void anEmptyPathIsNotAFolder() {
    assertThat(explore("validate", "")).isEqualTo(2);
    assertThat(err.toString()).contains("is empty; give a path");
  }

  @Test
  void lostResultsAreAFailureUnlessNobodyReadsThem() {
    assertThat(lost("No space left on device")).contains("the disk is full");
    assertThat(lost("Broken pipe")).isEmpty();
  }

  private static String lost(String reason) {
    var results =
        new ResultStream(
            new OutputStream() {
              @Override
              public void write(int each) throws IOException {
                throw new IOException(reason);
              }
            });
    var writer = new PrintWriter(results, false, StandardCharsets.UTF_8);
    writer.println("1 cycle");
    writer.flush();
    return results.lost().orElse("");
  }
}
