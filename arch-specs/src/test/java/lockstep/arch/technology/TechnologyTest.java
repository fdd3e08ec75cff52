// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.technology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class TechnologyTest {
  static final List<String> NAMES = Technology.NAMES;
  private static final Percentage ROUNDING = Percentage.withPercentage(0.1);

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyTableSaysWhereItsFiguresAreFrom(String name) {
    Technology t = Technology.load(name);
    assertThat(t.name()).isEqualTo(name);
    assertThat(t.energy())
        .containsKeys("mac", "requantise", "residual", "leak", "maximum", "register_bit");
    assertThat(t.area()).containsKeys("mac", "lane", "maximum", "register_bit");
    for (Map<String, Figure> figures : List.of(t.energy(), t.area(), t.leakage(), t.dram())) {
      figures.forEach(
          (key, figure) -> {
            assertThat(figure.value()).as(key).isPositive();
            assertThat(figure.source()).as(key).isNotBlank();
          });
    }
    assertThat(t.sram().source()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3nm", "", "dram", "../systolic"})
  void aTableThatThereIsNotIsTheUsersMistake(String name) {
    assertThatThrownBy(() -> Technology.load(name))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("45nm, 22nm, 7nm, unit");
  }

  @Test
  void anUnknownMemoryTypeIsTheUsersMistake() {
    assertThatThrownBy(() -> Technology.load("45nm").dram("sdr"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("lpddr4");
  }

  @Test
  void sumsAddFiguresAndKeepTheirMarks() {
    Technology t = Technology.load("45nm");
    Figure mac = t.energy("mac");
    assertThat(mac.value()).isCloseTo(0.3, within(1e-12));
    assertThat(mac.derivation()).isEqualTo("int8_multiply + int32_add");
    assertThat(mac.recalled()).isFalse();
    assertThat(t.area("mac").value()).isEqualTo(282 + 137);
    assertThat(t.area("mac").recalled()).isTrue();
    assertThat(t.area("mac").provenance()).startsWith("Horowitz").endsWith("(recalled)");
    assertThat(t.energy("requantise").value())
        .isCloseTo(3.1 + 4 * 0.1 + 2 * 0.4165 + 4 * 0.029, within(1e-12));
  }

  @Test
  void recalledFiguresOfSevenNanometresAreMarked() {
    Technology t = Technology.load("7nm");
    assertThat(t.energy().values()).allMatch(Figure::recalled);
    assertThat(t.sram().recalled()).isTrue();
    assertThat(t.energy("mac").value()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void inTheTableUnitEverythingCostsOne() {
    Technology t = Technology.load("unit");
    assertThat(t.energy().values()).allMatch(f -> f.value() == 1);
    assertThat(t.area().values()).allMatch(f -> f.value() == 1);
    assertThat(t.dram().values()).allMatch(f -> f.value() * 8 == 1);
    assertThat(t.sram().bank(3, 7)).isEqualTo(new SramTable.Bank(1, 1, 1, 0.0, 1));
    assertThat(t.sram().bank(1 << 24, 8192)).isEqualTo(new SramTable.Bank(1, 1, 1, 0.0, 1));
  }

  @Test
  void twentyTwoNanometresFollowFromTheScalingEquations() {
    double v45 = polynomial(1.103, -0.362, 0.2767, 0.9);
    double v32 = polynomial(0.9559, -0.7823, 0.471, 0.8);
    double v20 = polynomial(0.373, -0.1582, 0.04104, 0.8);
    double share = Math.log(22.0 / 20) / Math.log(32.0 / 20);
    double energy = Math.pow(v32, share) * Math.pow(v20, 1 - share) / v45;
    double area = Math.pow(0.46, share) * Math.pow(0.21, 1 - share);
    Technology from = Technology.load("45nm");
    Technology to = Technology.load("22nm");
    for (String key : from.energy().keySet()) {
      assertThat(to.energy(key).value())
          .as(key)
          .isCloseTo(from.energy(key).value() * energy, ROUNDING);
    }
    for (String key : from.area().keySet()) {
      assertThat(to.area(key).value()).as(key).isCloseTo(from.area(key).value() * area, ROUNDING);
    }
  }

  private static double polynomial(double a, double b, double c, double volts) {
    return a * volts * volts + b * volts + c;
  }

  @Test
  void memoriesBetweenTheRowsAreInterpolated() {
    SramTable sram = Technology.load("45nm").sram();
    SramTable.Bank bank = sram.bank(32768, 64);
    assertThat(bank.readPj()).isCloseTo(17.0418, within(1e-9));
    assertThat(bank.writePj()).isCloseTo(15.3975, within(1e-9));
    assertThat(bank.leakageMw()).isCloseTo(0.00064, within(1e-12));
    assertThat(bank.areaMm2()).isCloseTo(0.09486, within(1e-9));
    assertThat(sram.bank(262144, 256).readPj()).isCloseTo(124.61, within(0.01));
    double between = sram.bank((long) (32768 * Math.sqrt(2)), 64).readPj();
    assertThat(between).isCloseTo(Math.sqrt(17.0418 * 25.8695), ROUNDING);
    assertThat(sram.bank(16, 64).readPj()).isEqualTo(sram.bank(256, 64).readPj());
    assertThat(sram.bank(8 << 20, 64).readPj()).isGreaterThan(188.734);
    assertThat(sram.bank(8 << 20, 64).leakageMw()).isCloseTo(2 * 0.07036, within(1e-9));
    assertThat(sram.bank(32768, 32).readPj()).isBetween(17.0418 / 2, 17.0418);
  }

  @Test
  void morePortsMakeCellsWiderAndHigher() {
    SramTable sram = Technology.load("45nm").sram();
    SramTable.Bank usual = sram.bank(32768, 64);
    assertThat(sram.bank(32768, 64, 0)).isEqualTo(usual);
    SramTable.Bank two = sram.bank(32768, 64, 2);
    double growth = 20 * 24.6 / 146;
    assertThat(two.areaMm2()).isCloseTo(growth * usual.areaMm2(), within(1e-12));
    assertThat(two.readPj()).isCloseTo(Math.sqrt(growth) * usual.readPj(), within(1e-9));
  }

  @Test
  void aWideBankIsMacrosSideBySide() {
    SramTable sram = Technology.load("45nm").sram();
    SramTable.Bank wide = sram.bank(4 * 65536, 1024);
    SramTable.Bank one = sram.bank(65536, 256);
    assertThat(wide.macros()).isEqualTo(4);
    assertThat(wide.readPj()).isCloseTo(4 * one.readPj(), within(1e-9));
    assertThat(wide.areaMm2()).isCloseTo(4 * one.areaMm2(), within(1e-9));
  }

  @Test
  void theMemoryRowsAreThoseOfTheToolsRun() throws Exception {
    Path csv = Path.of("shared/references/energy_cacti_sram.csv");
    Path above = Path.of("").toAbsolutePath();
    while (above != null && !Files.exists(above.resolve(csv))) {
      above = above.getParent();
    }
    assumeTrue(above != null, csv + " is in no folder above this one");
    csv = above.resolve(csv);
    int rows = 0;
    for (String line : Files.readAllLines(csv)) {
      String[] c = line.split(",");
      if (!c[1].equals("itrs-lstp") || (!c[3].equals("64") && !c[2].equals("262144"))) {
        continue;
      }
      SramTable sram = Technology.load(c[0] + "nm").sram();
      SramTable.Bank bank = sram.bank(Long.parseLong(c[2]), Integer.parseInt(c[3]));
      assertThat(bank.readPj()).as(line).isCloseTo(Double.parseDouble(c[4]), ROUNDING);
      assertThat(bank.writePj()).as(line).isCloseTo(Double.parseDouble(c[5]), ROUNDING);
      if (c[3].equals("64")) {
        assertThat(bank.leakageMw()).as(line).isCloseTo(Double.parseDouble(c[7]), within(1e-9));
      }
      assertThat(bank.areaMm2()).as(line).isCloseTo(Double.parseDouble(c[8]), ROUNDING);
      rows++;
    }
    assertThat(rows).isEqualTo(2 * 17);
  }
}
