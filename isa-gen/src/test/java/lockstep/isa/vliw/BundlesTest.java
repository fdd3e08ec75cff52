// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.BundleStream;
import lockstep.isa.Expanded;
import lockstep.isa.Field;
import lockstep.isa.Format;
import lockstep.isa.IsaPackage;
import lockstep.isa.vliw.BundleSet.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundlesTest {
  private static VliwArchitecture machine(String name, String... overrides) {
    return (VliwArchitecture)
        SpecLoader.load(Path.of("../arch-specs", name + ".yaml"), List.of(overrides))
            .architecture();
  }

  /** Bundles of random operations with random fields, slots empty now and then. */
  private static byte[] draw(BundleSet isa, int count, SplittableRandom random) {
    byte[] words = new byte[count * isa.bytes()];
    for (int i = 0; i < count; i++) {
      for (Slot slot : isa.slots()) {
        List<Format> formats = slot.operations().formats();
        Format format =
            formats.get(Math.max(0, random.nextInt(2 * formats.size()) - formats.size()));
        long[] values =
            format.fields().stream()
                .mapToLong((Field f) -> random.nextLong(f.min(), f.max() + 1))
                .toArray();
        slot.operations().encode(format, values, words, i * isa.bytes() + slot.offset());
      }
    }
    return words;
  }

  @ParameterizedTest
  @ValueSource(strings = {"npu", "npu-aie-like"})
  void textAndStreamGiveTheBundlesAgain(String name) {
    BundleSet isa = VliwIsa.of(machine(name));
    byte[] words = draw(isa, 200, new SplittableRandom(7));
    BundleText text = new BundleText(isa);

    assertThat(text.assemble(text.text(words), "p.s")).isEqualTo(words);

    byte[] stream = BundleStream.compress(words, isa.bytes());
    assertThat(stream.length).isLessThan(words.length);
    byte[] placed = new byte[stream.length + 32];
    System.arraycopy(stream, 0, placed, 32, stream.length);
    Expanded again = BundleStream.expand(placed, 32, isa.bytes(), 200);
    assertThat(again.words()).isEqualTo(words);
    assertThat(again.ends()[199]).isEqualTo(stream.length);
  }

  @Test
  void anEmptyBundleTakesOneEntryAndManyWordsMoreHeaders() {
    assertThat(BundleStream.compress(new byte[72], 72)).isEqualTo(new byte[16]);
    byte[] words = new byte[160];
    Arrays.fill(words, (byte) 1);
    byte[] stream = BundleStream.compress(words, 160);
    assertThat(BundleStream.headerWords(160)).isEqualTo(2);
    assertThat(stream).hasSize(176);
    assertThat(BundleStream.expand(stream, 0, 160, 1).words()).isEqualTo(words);
  }

  @Test
  void aDamagedStreamIsRefused() {
    byte[] stream = BundleStream.compress(new byte[] {1, 0, 0, 0, 2, 0, 0, 0}, 8);
    assertThatThrownBy(() -> BundleStream.expand(stream, 0, 8, 2))
        .hasMessageContaining("end in bundle 1");
    assertThatThrownBy(() -> BundleStream.expand(stream, 0, 4, 1))
        .hasMessageContaining("a word beyond its 4 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scalar: halt | 1:1: a bundle is a pair of braces; write { slot: operation; .. }",
        "{ scalar: halt | 1:14: a bundle is a pair of braces; write { slot: operation; .. }",
        "{ vector3: nop } | 1:3: npu-aie-like has no slot 'vector3'; it has scalar, load0, load1",
        "{ scalar: nop; scalar: nop } | 1:16: slot 'scalar' is given twice; remove one",
        "{ scalar: nop; ; } | 1:15: an operation is missing; remove the ; or add one",
        "{ scalar nop } | 1:3: expected the name of a slot and a colon",
        "{ matrix: divide } | 1:11: matrix has no instruction 'divide'; it has nop, multiply",
        "{ scalar: li value=1x } | 1:20: '1x' is not a number for value",
      })
  void mistakesSayWhere(String text, String message) {
    BundleText assembler = new BundleText(VliwIsa.of(machine("npu-aie-like")));
    assertThatThrownBy(() -> assembler.assemble(text, "p.s"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("p.s:" + message);
  }

  @Test
  void onlyTheFirstScalarSlotHasLoops() {
    BundleSet isa = VliwIsa.of(machine("npu"));
    assertThat(isa.slot("scalar0").operations().formats())
        .extracting(Format::mnemonic)
        .contains("loop", "halt");
    assertThat(isa.slot("scalar1").operations().formats())
        .extracting(Format::mnemonic)
        .doesNotContain("loop", "halt", "pattern")
        .contains("addi");
  }

  @Test
  void noFieldIsBeyondItsSlotOnTheLargestMachine() {
    BundleSet isa =
        VliwIsa.of(
            machine(
                "npu",
                "registers.scalar.count=64",
                "registers.vector={count: 64, width_bytes: 128}",
                "registers.accumulator.count=32",
                "local_memory.width_bytes=4",
                "slots.matrix={rows: 64, cols: 64, depth: 2}"));
    for (Slot slot : isa.slots()) {
      for (Format format : slot.operations().formats()) {
        assertThat(format.bits()).as(slot.name() + "." + format.mnemonic()).isLessThanOrEqualTo(64);
      }
    }
  }

  @Test
  void thePackageHasAManualAndAHeaderForEachKindOfSlot() {
    var files = IsaPackage.files(machine("npu"));
    assertThat(files)
        .containsKeys("manual.md", "npu_vector_isa.h", "npu_vector_isa_pkg.sv", "npu_dma_isa.h");
    assertThat(files.get("manual.md"))
        .contains("| `requantise` |")
        .contains("`latency_matrix`")
        .contains("`transfer_memory_step1`");
  }
}
