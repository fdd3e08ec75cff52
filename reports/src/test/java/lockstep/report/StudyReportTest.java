// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyReportTest {
  @TempDir static Path folder;
  private static String html = "";

  @BeforeAll
  static void write() throws IOException {
    StudyReport.write(folder, ExampleStudy.report());
    html = Files.readString(folder.resolve("report.html"));
  }

  @Test
  void needsNoOtherFileAndNoNetwork() {
    assertThat(html).doesNotContain("src=").doesNotContain("<link").doesNotContain("@import");
    var addresses =
        Pattern.compile("https?://[^'\"\\s<)]+")
            .matcher(html)
            .results()
            .map(m -> m.group())
            .distinct();
    assertThat(addresses).allMatch(each -> each.startsWith("http://www.w3.org/"));
  }

  @Test
  void namesOfModelsAndLayersAreOnlyText() {
    assertThat(html).doesNotContain("<script>alert").contains("&lt;script&gt;alert(");
    assertThat(html.split("<script>", -1)).hasSize(2);
  }

  @Test
  void showsEveryPart() {
    assertThat(html)
        .contains("id='pareto-latency-energy'")
        .contains(
            "id='pareto-latency-area'", "id='pareto-energy-area'", "id='area'", "id='energy-0'")
        .contains("id='energy-1'")
        .contains("RTL-verified", "verilator is not installed")
        .contains("the machine has no exponential")
        .contains("recalled")
        .contains("<td>input, output</td>")
        .containsPattern("together [0-9.]+ % above their lower bound of [0-9.]+ (KiB|MiB)")
        .contains("area_mm2 &lt;= 4");
    for (var detail : List.of("roofline-", "stalls-")) {
      assertThat(html).contains("id='" + detail);
    }
  }

  @Test
  void chartsAreXmlWithThemeColoursOnly() throws Exception {
    try (Stream<Path> charts = Files.list(folder.resolve("charts"))) {
      for (Path chart : charts.toList()) {
        var text = Files.readString(chart);
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        var root = factory.newDocumentBuilder().parse(chart.toFile()).getDocumentElement();
        assertThat(root.getTagName()).isEqualTo("svg");
        assertThat(text)
            .contains("var(--text,")
            .doesNotContainPattern("rgb\\((?!0,0,0\\);fill-opacity:0\\.0)");
      }
    }
  }

  @Test
  void theSameReportGivesTheSameBytes(@TempDir Path second) throws IOException {
    StudyReport.write(second, ExampleStudy.report());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().equals("browser.log")) {
          assertThat(second.resolve(folder.relativize(file))).hasSameBinaryContentAs(file);
        }
      }
    }
  }

  @Test
  void opensInABrowserWithoutAScriptError(@TempDir Path profile) throws Exception {
    var browser =
        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .filter(each -> Files.isExecutable(Path.of(each)))
            .findFirst();
    assumeTrue(browser.isPresent(), "skipped: no chromium is installed (apt-get install chromium)");
    Path log = profile.resolve("browser.log");
    Path dom = profile.resolve("dom.html");
    var process =
        new ProcessBuilder(
                browser.orElseThrow(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--enable-logging=stderr",
                "--user-data-dir=" + profile.resolve("user"),
                "--dump-dom",
                folder.resolve("report.html").toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("the browser ended").isTrue();
    assertThat(Files.readString(log)).doesNotContain("CONSOLE");
    var text = Files.readString(dom);
    assertThat(text).contains("data-ready=\"yes\"").contains("<svg id=\"pareto-latency-energy\"");
    assertThat(text.split("<svg ", -1)).hasSizeGreaterThan(10);
  }
}
