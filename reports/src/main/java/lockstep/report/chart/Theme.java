// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

/**
 * The charts' colours as CSS variables, light and dark; {@code data-theme} overrides the system.
 */
public final class Theme {
  private Theme() {}

  /** CSS rules for the root element. */
  public static String css() {
    var light = Ink.declarations(false);
    var dark = Ink.declarations(true);
    return ":root{color-scheme:light;"
        + light
        + "}\n"
        + ":root[data-theme=dark]{color-scheme:dark;"
        + dark
        + "}\n"
        + "@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;"
        + dark
        + "}}\n";
  }
}
