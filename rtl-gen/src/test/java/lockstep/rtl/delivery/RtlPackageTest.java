// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import lockstep.arch.systolic.RandomSystolic;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.rtl.systolic.SystolicVerilog;
import org.junit.jupiter.api.Test;

class RtlPackageTest {
  private static final SystolicArchitecture MACHINE =
      RandomSystolic.draw(new SplittableRandom(3), "drawn-3", 8);
  private static final Map<String, byte[]> FILES = RtlPackage.of(MACHINE, Optional.empty());

  private static String text(String name) {
    byte[] bytes = FILES.get(name);
    assertThat(bytes).as(name).isNotNull();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void buildFilesNameEveryVerilogFileAndNoPlaceIsLeftUnfilled() {
    for (String name : SystolicVerilog.generate(MACHINE).keySet()) {
      assertThat(text("Makefile")).contains("rtl/" + name);
      assertThat(text("drawn-3.core")).contains("- rtl/" + name);
      assertThat(FILES).containsKey("rtl/" + name);
    }
    FILES.forEach(
        (name, bytes) ->
            assertThat(new String(bytes, StandardCharsets.UTF_8))
                .as(name)
                .doesNotContainPattern("@[A-Z_]+@"));
  }

  @Test
  void withoutAnExampleSimSaysSo() {
    assertThat(text("Makefile")).contains("no example program fits").doesNotContain("--image");
    assertThat(text("drawn-3.core")).doesNotContain("example");
    assertThat(FILES.keySet()).noneMatch(name -> name.startsWith("example/"));
  }

  @Test
  void registersAreWhereTheVerilogHasThem() {
    String verilog = text("rtl/systolic_control_registers.sv");
    assertThat(text("registers.md")).contains("| 0x004 | `status` |");
    assertThat(verilog).contains("10'd1: s_axi_rdata <= {27'd0, bus_failed, conflicted, fault,");
    assertThat(text("bench/test_bench.cpp")).contains("bench.read(0x004)");
    for (SystolicCounter c : SystolicCounter.values()) {
      String name = c.key().replace('.', '_');
      assertThat(text("registers.rdl")).contains("} %s @ 0x%03x;".formatted(name, offset(c)));
      assertThat(text("rtl/systolic_counters.sv"))
          .contains("7'd%d: value = count_%s;".formatted(c.ordinal(), name));
    }
    String identity = SystolicVerilog.identity(MACHINE).substring(0, 8);
    assertThat(verilog).contains("32'h" + identity);
    assertThat(text("registers.rdl"))
        .contains("value[31:0] = 32'h%x;".formatted(Long.parseLong(identity, 16)));
  }

  private static int offset(SystolicCounter counter) {
    return 0x100 + 8 * counter.ordinal();
  }
}
