// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InkTest {
  /** The parts of a VLIW machine's energy. */
  private static final int MOST_PARTS = 15;

  @Test
  void eachPartOfABarHasAColourOfItsOwn() {
    var colours = IntStream.range(0, MOST_PARTS).mapToObj(Ink::series).toList();
    assertThat(colours).doesNotHaveDuplicates();
  }

  @Test
  void bothThemesTellThemApart() {
    for (boolean dark : List.of(false, true)) {
      var values =
          List.of(Ink.declarations(dark).split(";")).stream().map(each -> each.split(":")[1]);
      assertThat(values.toList()).doesNotHaveDuplicates();
    }
  }
}
