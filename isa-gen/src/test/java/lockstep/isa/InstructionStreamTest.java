// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import lockstep.isa.systolic.SystolicIsa;
import org.junit.jupiter.api.Test;

class InstructionStreamTest {
  private static final int BYTES = 16;

  /** Two loads (opcode 1), an execute (2) between them: of the second load word 2 alone differs. */
  @Test
  void holdsTheWordsThatDifferFromTheInstructionOfTheSameOpcodeBefore() {
    byte[] words =
        bytes("01000000 11111111 22222222 00000000 02000000 11111111 00000000 00000000")
            .concat("f1020000 11111111 33333333 00000000")
            .get();
    byte[] stream = InstructionStream.compress(words, BYTES, 3);
    assertThat(hex(stream))
        .isEqualTo(
            "010c0000 11111111 22222222 02040000 11111111 f10a0000 33333333".replace(" ", ""));
    Expanded again = InstructionStream.expand(stream, 0, BYTES, 3);
    assertThat(again.words()).isEqualTo(words);
    assertThat(again.ends()).containsExactly(12, 20, 28);
    assertThat(again.bytes()).isEqualTo(stream.length);
  }

  @Test
  void anyInstructionsComeBack() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      var isa = SystolicIsa.of(Machines.random(random));
      int count = 1 + random.nextInt(40);
      byte[] words = new byte[count * isa.wordBytes()];
      for (int i = 0; i < count; i++) {
        Format format = isa.formats().get(random.nextInt(isa.formats().size()));
        long[] values = new long[format.fields().size()];
        for (int f = 0; f < values.length; f++) {
          Field field = format.fields().get(f);
          values[f] = random.nextInt(3) > 0 ? 0 : random.nextLong(field.min(), field.max() + 1);
        }
        isa.encode(format, values, words, i * isa.wordBytes());
      }
      byte[] stream = InstructionStream.compress(words, isa.wordBytes(), count);
      byte[] placed = new byte[stream.length + 12];
      System.arraycopy(stream, 0, placed, 8, stream.length);
      Expanded again = InstructionStream.expand(placed, 8, isa.wordBytes(), count);
      assertThat(again.words()).as("seed %d", seed).isEqualTo(words);
      assertThat(again.bytes()).isEqualTo(stream.length);
    }
  }

  @Test
  void aStreamThatEndsOrNamesAWordThatIsNotThereIsRefused() {
    byte[] stream = bytes("01040000 11111111").get();
    assertThatThrownBy(() -> InstructionStream.expand(Arrays.copyOf(stream, 7), 0, BYTES, 1))
        .hasMessageContaining("end in instruction 0, at byte 7");
    assertThatThrownBy(() -> InstructionStream.expand(stream, 0, BYTES, 2))
        .hasMessageContaining("end in instruction 1, at byte 8");
    byte[] beyond = bytes("01200000 11111111").get();
    assertThatThrownBy(() -> InstructionStream.expand(beyond, 0, BYTES, 1))
        .hasMessageContaining("instruction 0 has a word beyond its 16 bytes");
  }

  private record Hex(String text) {
    Hex concat(String more) {
      return new Hex(text + more);
    }

    byte[] get() {
      return HexFormat.of().parseHex(text.replace(" ", ""));
    }
  }

  private static Hex bytes(String text) {
    return new Hex(text);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
