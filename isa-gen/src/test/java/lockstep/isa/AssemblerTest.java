// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import lockstep.arch.UserError;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicIsa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssemblerTest {
  private final InstructionSet isa = SystolicIsa.of(Machines.tiny());
  private final Assembler assembler = new Assembler(isa);

  @Test
  void readsFieldsInAnyOrderWithCommentsAndHexadecimal() {
    byte[] words =
        assembler.assemble(
            """
            # a comment, then an empty line

            load lines=2,row=3 , dram_address = 0x10 # the rest is 0
              store line_stride=-0x8, zero=-128
            halt""",
            "p.s");
    assertThat(words).hasSize(3 * isa.wordBytes());
    SystolicInstruction.Load load =
        (SystolicInstruction.Load) SystolicInstruction.decode(isa, words, 0);
    assertThat(load.row()).isEqualTo(3);
    assertThat(load.lines()).isEqualTo(2);
    assertThat(load.dramAddress()).isEqualTo(16);
    assertThat(load.bytes()).isZero();
    SystolicInstruction.Store store =
        (SystolicInstruction.Store) SystolicInstruction.decode(isa, words, isa.wordBytes());
    assertThat(store.lineStride()).isEqualTo(-8);
    assertThat(store.zero()).isEqualTo(-128);
    assertThat(SystolicInstruction.decode(isa, words, 2 * isa.wordBytes()))
        .isEqualTo(new SystolicInstruction.Halt());
  }

  @Test
  void disassemblesInTableOrderWithoutZeros() {
    byte[] words = assembler.assemble("load pad=-1, row=3, lines=2\nhalt\n", "p.s");
    assertThat(new Disassembler(isa).text(words)).isEqualTo("load row=3, lines=2, pad=-1\nhalt\n");
  }

  @Test
  void everyEncodableInstructionRoundTrips() {
    long seed = 1;
    SplittableRandom random = new SplittableRandom(seed);
    for (int machine = 0; machine < 40; machine++) {
      InstructionSet set = SystolicIsa.of(Machines.random(random));
      for (int draw = 0; draw < 50; draw++) {
        Format format = set.formats().get(random.nextInt(set.formats().size()));
        long[] values = new long[format.fields().size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = drawn(format.fields().get(i), random);
        }
        byte[] word = new byte[set.wordBytes()];
        set.encode(format, values, word, 0);
        String where = "seed %d, machine %d, draw %d".formatted(seed, machine, draw);
        assertThat(set.decode(word, 0).values()).as(where).isEqualTo(values);
        String text = new Disassembler(set).text(word);
        assertThat(new Assembler(set).assemble(text, "p.s"))
            .as(where + ": " + text)
            .isEqualTo(word);
      }
    }
  }

  private static long drawn(Field field, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> field.min();
      case 2 -> field.max();
      default -> random.nextLong(field.min(), field.max() + 1);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lod row=1           | p.s:1:1: tiny-4x4 has no instruction 'lod'; it has halt, load, execute, store
          halt row=1          | p.s:1:6: halt has no field 'row'; it has none
          execute rows=1      | p.s:1:9: execute has no field 'rows'; it has wait_load,
          load row=1, row=2   | p.s:1:13: field 'row' is given twice; remove one
          load row=1 lines=2  | p.s:1:12: expected a comma between two fields, but found 'l'
          load row            | p.s:1:9: expected '=' after the field's name, but the line ends
          load row=1,         | p.s:1:12: a field is missing after the comma
          load row=one        | p.s:1:10: 'one' is not a number for row
          load row=           | p.s:1:10: '' is not a number for row
          load row=010x       | p.s:1:10: '010x' is not a number for row
          load row=256        | p.s:1:10: row=256 does not fit: it must be from 0 to 255
          load row=-1         | p.s:1:10: row=-1 does not fit: it must be from 0 to 255
          load pad=128        | p.s:1:10: pad=128 does not fit: it must be from -128 to 127
          load row=1; lines=2 | p.s:1:11: expected a comma between two fields, but found ';'
          = 3                 | p.s:1:1: '=' cannot begin an instruction
          """)
  void saysWhereAndWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> assembler.assemble(text.strip(), "p.s"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void countsLines() {
    assertThatThrownBy(() -> assembler.assemble("halt\n\n# x\n  halt\n   lod", "p.s"))
        .hasMessageStartingWith("p.s:5:4: ");
  }

  @Test
  void aFileThatIsNotThereIsTheUsersError(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("p.s");
    assertThatThrownBy(() -> assembler.assemble(file))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + ": cannot be read as text");
    Files.writeString(file, "halt\n");
    assertThat(assembler.assemble(file)).hasSize(isa.wordBytes());
  }

  @Test
  void wordsOfNoInstructionAreRefused() {
    byte[] stray = new byte[isa.wordBytes()];
    stray[isa.wordBytes() - 1] = (byte) 0x80;
    assertThatThrownBy(() -> new Disassembler(isa).text(stray))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("belong to no field");
    assertThatThrownBy(() -> new Disassembler(isa).text(new byte[5]))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("not whole instructions");
    InstructionSet two = new InstructionSet("two", 2, 8, isa.formats().subList(0, 1));
    byte[] unknown = {3, 0, 0, 0, 0, 0, 0, 0};
    assertThatThrownBy(() -> new Disassembler(two).text(unknown))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("opcode 3 is not of two");
  }
}
