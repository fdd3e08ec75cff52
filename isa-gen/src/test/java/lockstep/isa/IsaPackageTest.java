// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.isa.systolic.SystolicIsa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsaPackageTest {
  private final SystolicArchitecture machine = Machines.tiny();
  private final InstructionSet isa = SystolicIsa.of(machine);

  @Test
  void writesManualHeaderAndPackageWhole(@TempDir Path folder) throws IOException {
    Path target = folder.resolve("a/b");
    List<Path> files = IsaPackage.write(machine, target);
    assertThat(files)
        .containsExactly(
            target.resolve("manual.md"),
            target.resolve("tiny_4x4_isa.h"),
            target.resolve("tiny_4x4_isa_pkg.sv"));
    IsaPackage.write(machine, target);
    try (var found = Files.list(target)) {
      assertThat(found).containsExactlyInAnyOrderElementsOf(files);
    }
  }

  @Test
  void anUnwritableFolderIsTheUsersError(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> IsaPackage.write(machine, file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void theManualShowsEveryFieldWhereItIs() {
    String manual = IsaPackage.files(machine).get("manual.md");
    assertThat(manual)
        .contains("| 4:2 | `wait_execute` | u3 | 0 | 7 | tokens of execute taken")
        .contains("| 0 | 9 `signal_store` · 8 `signal_execute` · 7:5 `wait_store`")
        .contains("| 0 | `cycles` | cycles from start to done |");
    for (Format format : isa.formats()) {
      for (Field f : format.fields()) {
        assertThat(manual).contains("`" + f.name() + "`");
      }
    }
  }

  @Test
  void theHeaderCompilesAndReadsWhatJavaWrote(@TempDir Path folder) throws Exception {
    Path header = IsaPackage.write(machine, folder).get(1);
    Format store = isa.format("store");
    long[] values = new long[store.fields().size()];
    values[store.index("dram_address")] = 0xfedcba98L;
    values[store.index("line_stride")] = -12345;
    values[store.index("zero")] = -128;
    values[store.index("out_shift")] = 9;
    byte[] word = new byte[isa.wordBytes()];
    isa.encode(store, values, word, 0);
    String program =
        """
        #include "%s"
        int main(void) {
          const uint8_t word[TINY_4X4_WORD_BYTES] = {%s};
          uint8_t copy[TINY_4X4_WORD_BYTES] = {0};
          unsigned i;
          if (TINY_4X4_OPCODE(word) != TINY_4X4_OPCODE_STORE) return 1;
          if (TINY_4X4_STORE_DRAM_ADDRESS(word) != UINT32_C(0xfedcba98)) return 2;
          if (TINY_4X4_STORE_LINE_STRIDE(word) != -12345) return 3;
          if (TINY_4X4_STORE_ZERO(word) != -128) return 4;
          if (TINY_4X4_STORE_OUT_SHIFT(word) != 9) return 5;
          TINY_4X4_OPCODE_SET(copy, TINY_4X4_OPCODE_STORE);
          TINY_4X4_STORE_DRAM_ADDRESS_SET(copy, UINT32_C(0xfedcba98));
          TINY_4X4_STORE_LINE_STRIDE_SET(copy, -12345);
          TINY_4X4_STORE_ZERO_SET(copy, -128);
          TINY_4X4_STORE_OUT_SHIFT_SET(copy, 9);
          for (i = 0; i < TINY_4X4_WORD_BYTES; i++) {
            if (copy[i] != word[i]) return 6;
          }
          return TINY_4X4_COUNTERS == %d && TINY_4X4_COUNTER_LOAD_BUSY == %d ? 0 : 7;
        }
        """
            .formatted(
                header.getFileName(),
                Arrays.toString(word)
                    .replace("[", "")
                    .replace("]", "")
                    .replaceAll("-?[0-9]+", "(uint8_t)($0)"),
                SystolicCounter.values().length,
                SystolicCounter.LOAD_BUSY.ordinal());
    for (String[] compiler :
        new String[][] {{"gcc", "-std=c99", "main.c"}, {"g++", "-std=c++11", "main.cpp"}}) {
      need(compiler[0]);
      Files.writeString(folder.resolve(compiler[2]), program);
      run(
          folder,
          compiler[0],
          compiler[1],
          "-Wall",
          "-Wextra",
          "-Werror",
          "-pedantic",
          "-Wno-unused-function",
          compiler[2],
          "-o",
          "main");
      run(folder, "./main");
    }
  }

  @Test
  void thePackageIsLintClean(@TempDir Path folder) throws Exception {
    need("verilator");
    IsaPackage.write(machine, folder);
    run(folder, "verilator", "--lint-only", "-Wall", "tiny_4x4_isa_pkg.sv");
    Files.writeString(
        folder.resolve("top.sv"),
        """
        module top
          import tiny_4x4_isa_pkg::*;
        (
            input logic [WORD_BITS-1:0] word,
            output logic is_load,
            output logic same
        );
          assign is_load = opcode(word) == OPCODE_LOAD;
          assign same = word[LOAD_ROW_MSB:LOAD_ROW_LSB] == load_row(word) && word != 0;
        endmodule
        """);
    run(
        folder,
        "verilator",
        "--lint-only",
        "-Wall",
        "tiny_4x4_isa_pkg.sv",
        "top.sv",
        "--top-module",
        "top");
  }

  private static void need(String tool) {
    boolean found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, tool)));
    assumeTrue(found, tool + " is not installed");
  }

  private static void run(Path folder, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + output).isZero();
    assertThat(output).isEmpty();
  }
}
