// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The colours of charts. Charts are drawn in the light colours; {@link SvgChart} turns each into a
 * CSS variable, so that a page can give it its dark one. The series colours stay apart for readers
 * who do not see red and green apart.
 */
enum Ink {
  TEXT(0x1b1f24, 0xe6e9ee),
  MUTED(0x8a929c, 0x7d8792),
  GRID(0xd9dde3, 0x353c45),
  SERIES_1(0x1f5fae, 0x6aa9f0),
  SERIES_2(0xd8700c, 0xf2a04e),
  SERIES_3(0x158767, 0x45c29b),
  SERIES_4(0xb0358f, 0xe07ac6),
  SERIES_5(0x8c6f00, 0xd6b93c),
  SERIES_6(0x4b9fd0, 0x8fd0f5),
  SERIES_7(0x7557bd, 0xad95ec),
  SERIES_8(0xa9b1ba, 0x67717c),
  SERIES_9(0x8f2d2d, 0xe58080),
  SERIES_10(0x355e3b, 0x8fbf96),
  SERIES_11(0xe38fb4, 0xf7c1d8),
  SERIES_12(0x0b5f70, 0x2f9db3),
  SERIES_13(0xb5bd4c, 0xdde28f),
  SERIES_14(0x6b4a2f, 0xb08d6e),
  SERIES_15(0x1c2f66, 0x5b78d6),
  SERIES_16(0xe0b48a, 0xf3d9bd);

  private static final List<Ink> SERIES =
      Arrays.stream(values()).filter(ink -> ink.name().startsWith("SERIES")).toList();

  private final int light;
  private final int dark;

  Ink(int light, int dark) {
    this.light = light;
    this.dark = dark;
  }

  Color colour() {
    return new Color(light);
  }

  /** The colour of a series; after the last the first comes again. */
  static Color series(int index) {
    return SERIES.get(index % SERIES.size()).colour();
  }

  /** How the SVG writer spells the light colour. */
  String written() {
    var c = colour();
    return "rgb(" + c.getRed() + "," + c.getGreen() + "," + c.getBlue() + ")";
  }

  /** The variable, with the light colour where no page defines it. */
  String variable() {
    return "var(" + property() + "," + hex(light) + ")";
  }

  /** The declarations of all variables in one theme. */
  static String declarations(boolean darkTheme) {
    var text = new StringBuilder();
    for (Ink each : values()) {
      text.append(each.property()).append(':').append(hex(darkTheme ? each.dark : each.light));
      text.append(';');
    }
    return text.toString();
  }

  private String property() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String hex(int rgb) {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }
}
