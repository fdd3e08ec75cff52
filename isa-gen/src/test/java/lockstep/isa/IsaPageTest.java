// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lockstep.arch.SpecLoader;
import org.junit.jupiter.api.Test;

/** The manual in {@code docs/isa.md}; {@code -Dlockstep.docs=write} writes it again. */
class IsaPageTest {
  private static final Path PAGE = Path.of("../docs/isa.md");
  private static final String MARK = "<!-- generated from arch-specs/gemmini-16x16.yaml -->\n";

  @Test
  void thePageShowsTheManual() throws IOException {
    var machine = SpecLoader.load(Path.of("../arch-specs/gemmini-16x16.yaml"), List.of());
    String manual =
        IsaPackage.files(machine.architecture()).get("manual.md").replaceAll("(?m)^#", "##");
    String page = Files.readString(PAGE);
    assertThat(page).contains(MARK);
    int from = page.indexOf(MARK) + MARK.length();
    if ("write".equals(System.getProperty("lockstep.docs"))) {
      page = page.substring(0, from) + manual;
      Files.writeString(PAGE, page);
    }
    assertThat(page.substring(from)).isEqualTo(manual);
  }
}
