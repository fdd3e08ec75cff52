// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.technology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables in {@code docs/energy.md}; {@code -Dlockstep.docs=write} writes them again. */
class EnergyPageTest {
  private static final Path PAGE = Path.of("../docs/energy.md");

  @ParameterizedTest
  @ValueSource(strings = {"45nm", "22nm", "7nm"})
  void thePageShowsTheTables(String name) throws IOException {
    String begin = "<!-- generated: %s -->\n".formatted(name);
    String end = "<!-- end of %s -->\n".formatted(name);
    String page = Files.readString(PAGE);
    assertThat(page).contains(begin).contains(end);
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(end);
    String table = TechnologyPage.of(Technology.load(name));
    if ("write".equals(System.getProperty("lockstep.docs"))) {
      page = page.substring(0, from) + table + page.substring(to);
      Files.writeString(PAGE, page);
      to = from + table.length();
    }
    assertThat(page.substring(from, to)).isEqualTo(table);
  }
}
