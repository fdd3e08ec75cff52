// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import lockstep.arch.YamlDocument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.5                                                | 0.5
          ws                                                 | ws
          []                                                 | none
          [fuse-pool, fuse-residual]                         | fuse-pool, fuse-residual
          {rows: 4, cols: 8}                                 | rows 4, cols 8
          [{match: "*", unroll: {pixels: 1, channels: 2}}]   | *: unroll (pixels 1, channels 2)
          [{match: a, buffers: 1}, {match: b, tile: [2, 4]}] | a: buffers 1; b: tile (2, 4)
          {kind: none}                                       | kind none
          """)
  void aValueTakesFewWords(String yaml, String words) {
    assertThat(ValueWords.of(YamlDocument.parse("test", yaml).tree())).isEqualTo(words);
  }
}
