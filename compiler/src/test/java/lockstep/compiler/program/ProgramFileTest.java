// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.isa.Assembler;
import lockstep.isa.InstructionSet;
import lockstep.isa.InstructionStream;
import lockstep.isa.Stream;
import lockstep.isa.systolic.SystolicIsa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramFileTest {
  @TempDir Path folder;

  private final InstructionSet isa =
      SystolicIsa.of(
          new SystolicArchitecture(
              "tiny",
              new SystolicArchitecture.Array(4, 4, EnumSet.allOf(Dataflow.class)),
              new SystolicArchitecture.Scratchpad(1024, 4, 4),
              new SystolicArchitecture.Accumulator(1024, 2, 16),
              new SystolicArchitecture.PostProcessing(4, 8),
              new Dma(8, 4, 8),
              new SystolicArchitecture.Queues(4, 8),
              new OffChipMemory("unit", 10, 8, 1 << 20),
              500,
              "unit"));

  private byte[] words() {
    return new Assembler(isa).assemble("load row=3, lines=2\nexecute k_rows=4\nhalt\n", "p.s");
  }

  private Program program(long seed) {
    byte[] code = InstructionStream.compress(words(), isa.wordBytes(), 3);
    byte[] weights = new byte[100];
    new SplittableRandom(seed).nextBytes(weights);
    return new Program(
        "net, part 0\n\"quoted\"",
        "ab".repeat(32),
        Stream.INSTRUCTIONS,
        isa.wordBytes(),
        4096,
        3,
        List.of(new Program.Segment(64, weights), new Program.Segment(4096, code)),
        8192,
        List.of(
            new Program.Region("w", Program.Region.Kind.WEIGHTS, 64, 100),
            new Program.Region("p", Program.Region.Kind.PROGRAM, 4096, code.length)),
        new int[] {0, 1, 1},
        List.of(
            new Program.LayerInfo(
                "a",
                1L << 40,
                "ws",
                "input",
                7,
                "compute",
                1L << 33,
                "of all",
                new Program.Stripes(1, 7, 5, -3, 9)),
            new Program.LayerInfo("b\nb", 0, "", "", 0, "bandwidth", 5, "", Program.Stripes.NONE)));
  }

  private static void assertSame(Program actual, Program expected) {
    assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
  }

  @Test
  void readsBackExactlyWhatWasWritten() {
    Program program = program(1);
    ProgramFile.write(program, isa, folder.resolve("a/b"));
    assertSame(ProgramFile.read(folder.resolve("a/b")), program);
  }

  @Test
  void takesThePlaceOfAProgramAndLeavesNothingBeside() throws IOException {
    Path target = folder.resolve("p");
    ProgramFile.write(program(1), isa, target);
    ProgramFile.write(program(2), isa, target);
    assertSame(ProgramFile.read(target), program(2));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(target);
    }
  }

  @Test
  void theWordsAndTheTextAreTheProgram() throws IOException {
    ProgramFile.write(program(1), isa, folder.resolve("p"));
    byte[] words = Files.readAllBytes(folder.resolve("p/words.bin"));
    assertThat(words).isEqualTo(words());
    Path text = folder.resolve("p/program.s");
    assertThat(new Assembler(isa).assemble(text)).isEqualTo(words);
    assertThat(Files.readString(text))
        .contains("# layer 0 a, stripe 1 of 7: ws; on chip: input\nload row=3, lines=2\n")
        .contains("# layer 1 b b: \nexecute k_rows=4\nhalt\n");
  }

  @Test
  void aStreamThatEndsTooSoonIsRefused() {
    Program p = program(1);
    byte[] code = p.segments().get(1).bytes();
    Program cut =
        new Program(
            p.name(),
            p.specHash(),
            p.stream(),
            p.wordBytes(),
            p.base(),
            p.instructionCount(),
            List.of(new Program.Segment(4096, Arrays.copyOf(code, 9))),
            p.memoryBytes(),
            p.regions(),
            p.layerOf(),
            p.layers());
    assertThatThrownBy(() -> ProgramFile.words(cut))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("end in instruction 0, at byte 9");
  }

  @Test
  void theHashIsOfTheContents() {
    assertThat(ProgramFile.hash(program(1))).isEqualTo(ProgramFile.hash(program(1)));
    assertThat(ProgramFile.hash(program(1))).isNotEqualTo(ProgramFile.hash(program(2)));
    assertThat(ProgramFile.hash(program(1))).matches("[0-9a-f]{64}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"program.json", "image.bin", "words.bin", "SHA256SUMS"})
  void damageIsRefused(String name) throws IOException {
    Path target = folder.resolve("p");
    Path file = target.resolve(name);
    ProgramFile.write(program(1), isa, target);
    byte[] whole = Files.readAllBytes(file);
    byte[] changed = whole.clone();
    changed[changed.length / 2] ^= 1;
    for (byte[] bad : new byte[][] {Arrays.copyOf(whole, whole.length / 2), changed, {}}) {
      Files.write(file, bad);
      assertThatThrownBy(() -> ProgramFile.read(target))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(target.toString())
          .hasMessageContaining("explore compile");
    }
    Files.delete(file);
    assertThatThrownBy(() -> ProgramFile.read(target)).isInstanceOf(UserError.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"format\" : 3|\"format\" : 1|format 1 is not 3",
        "\"base\" : 4096|\"base\" : 4095|no multiple of 4096",
        "\"instruction_count\" : 3|\"instruction_count\" : 4|layer_of has 3 entries",
        "[ 0, 1, 1 ]|[ 0, 1, 2 ]|layer_of names layer 2 of 2",
        "\"address\" : 64,|\"address\" : 4095,|overlaps the one before",
        "\"memory_bytes\" : 8192|\"memory_bytes\" : 4100|do not lie in 4100 bytes",
        "\"WEIGHTS\"|\"WEIGHT\"|:",
        "\"base\" : 4096|\"base\" : 4096.5|:",
        "\"base\" : 4096|\"base\" : 4096, \"extra\" : 1|extra",
        "  \"base\" : 4096,||base",
      })
  void aProgramThatMakesNoSenseIsRefused(String change) {
    String[] parts = change.split("\\|", -1);
    String json = new String(ProgramDocument.of(program(1)).json(), StandardCharsets.UTF_8);
    assertThat(json).contains(parts[0]);
    byte[] changed = json.replace(parts[0], parts[1]).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ProgramDocument.parse(changed, "program.json"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("program.json:")
        .hasMessageContaining(parts[2]);
  }

  @Test
  void foreignFilesAndUnwritablePlacesAreRefused() throws IOException {
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Files.writeString(mine.resolve("thesis.txt"), "text");
    assertThatThrownBy(() -> ProgramFile.write(program(1), isa, mine))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds thesis.txt");
    assertThat(mine.resolve("thesis.txt")).exists();
    Path file = Files.writeString(folder.resolve("file"), "");
    for (Path bad : List.of(file, file.resolve("p"))) {
      assertThatThrownBy(() -> ProgramFile.write(program(1), isa, bad))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("cannot be written");
    }
  }
}
