// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that look into the compiler. */
class CompilerVerbsTest {
  private static final String SPEC = "../arch-specs/gemmini-16x16.yaml";

  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private String explore(int exitCode, String... arguments) {
    var out = new StringWriter();
    try (var toOut = new PrintWriter(out);
        var toErr = new PrintWriter(err)) {
      assertThat(Explore.run(toOut, toErr, arguments)).as(err.toString()).isEqualTo(exitCode);
    }
    return out.toString();
  }

  @Test
  void aDumpedGraphGoesOnWhereItWasTaken() {
    String ir = folder.resolve("ds_cnn.ir").toString();
    explore(0, "compile", "ds_cnn", "--dump-ir", "after:fuse-activation", "-o", ir);
    String whole = explore(0, "compile", "ds_cnn", "--dump-ir", "network");
    String continued = explore(0, "compile", ir, "--dump-ir", "network");
    assertThat(continued).isEqualTo(whole).contains(" = Convolution(");
  }

  @Test
  void onePassRunsAloneOnAText() {
    String ir = folder.resolve("net.ir").toString();
    explore(0, "compile", "resnet8", "--dump-ir", "after:affine-to-conv", "-o", ir);
    String before = explore(0, "compile", ir, "--dump-ir", "after:none");
    String after = explore(0, "compile", ir, "--passes", "fuse-activation");
    assertThat(before).contains("= Activate(", "\"relu1\" : float[1x16x32x32] = Activate");
    assertThat(after).contains("\"relu1\" : float[1x16x32x32] = Conv(");
    explore(2, "compile", ir, "--passes", "fuse-pool,fuse-activation");
    assertThat(err.toString()).contains("fuse-pool runs before FuseActivation");
  }

  @Test
  void thePipelineIsPrintedInOrder() {
    List<String> passes = explore(0, "compile", "--print-pipeline").lines().toList();
    assertThat(passes).containsSubsequence("fold-constants", "linear-to-conv", "fuse-residual");
    assertThat(explore(0, "compile", "--print-pipeline", "--without", "fuse-residual").lines())
        .doesNotContain("fuse-residual")
        .hasSize(passes.size() - 1);
  }

  @Test
  void decisionsSayWhatBecameOfWhat() {
    String text = explore(0, "compile", "resnet8", "--decisions");
    assertThat(text).contains("fuse-residual", "Conv + Add -> Conv", "bytes saved");
    String csv = explore(0, "compile", "resnet8", "--decisions", "--format", "csv");
    assertThat(csv).startsWith("pass,node,what,bytes_saved,bytes_refused");
    assertThat(explore(0, "compile", "resnet8", "--decisions", "--format", "json"))
        .contains("\"pass\":\"fuse-activation\"");
  }

  @Test
  void ablationShowsWhatEachPassIsWorth() {
    List<String[]> rows =
        explore(0, "ablate", "resnet8", "--spec", SPEC, "--format", "csv")
            .lines()
            .map(each -> each.split(","))
            .toList();
    assertThat(rows.getFirst())
        .containsExactly(
            "without",
            "macs",
            "cycles",
            "energy_uj",
            "dram_bytes",
            "host_layers",
            "decisions",
            "saved_bytes");
    String[] all = rows.get(1);
    assertThat(all[0]).isEqualTo("all passes");
    String[] residual =
        rows.stream().filter(each -> each[0].equals("fuse-residual")).findFirst().orElseThrow();
    assertThat(Long.parseLong(residual[2])).isGreaterThan(Long.parseLong(all[2]));
    assertThat(Long.parseLong(residual[4])).isGreaterThan(Long.parseLong(all[4]));
    assertThat(residual[6]).isEqualTo("3");
    assertThat(rows).noneMatch(each -> each[0].equals("fold-pad"));
  }

  /** What pays on a small machine is another matter: here it is asked for, and left out. */
  @Test
  void layersInStripesAreNamedAndCanBeLeftOut() {
    String wanted = "mapping=[{match: '*', depth_first: on}]";
    String text = explore(0, "run", "resnet8", "--spec", SPEC, "--set", wanted);
    assertThat(text)
        .contains("chain 1, 2 stripes", "chain 1: conv0 to conv4 depth-first in 2 stripes");
    String csv = explore(0, "run", "resnet8", "--spec", SPEC, "--set", wanted, "--format", "csv");
    assertThat(csv.lines().findFirst().orElseThrow())
        .contains(",chain,stripes,macs_again,chain_saved_bytes,");
    String[] without = {
      "run", "resnet8", "--spec", SPEC, "--set", wanted, "--without", "depth-first"
    };
    assertThat(explore(0, without)).doesNotContain("chain 1");
    String key = "without=[depth-first]";
    assertThat(explore(0, "run", "resnet8", "--spec", SPEC, "--set", wanted, "--set", key))
        .doesNotContain("chain 1");
    assertThat(explore(0, "ablate", "resnet8", "--spec", SPEC, "--set", wanted))
        .containsPattern("(?m)^depth-first ");
  }

  @Test
  void mistakesAreMessages() {
    explore(2, "compile", "resnet8", "--dump-ir", "after:inlining");
    explore(2, "compile", "resnet8", "--dump-ir", "somewhen");
    explore(2, "compile", "resnet8");
    explore(2, "run", "resnet8", "--spec", SPEC, "--without", "inlining");
    assertThat(err.toString())
        .contains("there is no pass 'inlining'", "not 'somewhen'", "--spec FILE")
        .doesNotContain("\tat ");
  }
}
