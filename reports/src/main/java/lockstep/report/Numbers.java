// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them; the CSV files beside the report have them exactly. */
public final class Numbers {
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private Numbers() {}

  /** Four significant digits; a dash for what is not a number. */
  public static String rounded(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    if (Math.abs(value) >= 9999.5) {
      return whole(Math.round(value));
    }
    return value == 0
        ? "0"
        : new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
  }

  /** With thin groups of thousands. */
  public static String whole(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202f');
  }

  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Bytes in the largest binary unit that keeps them above one. */
  public static String bytes(long value) {
    if (value >= 1 << 20) {
      return String.format(Locale.ROOT, "%.1f MiB", value / 1048576.0);
    }
    return value >= 1 << 10 ? String.format(Locale.ROOT, "%.1f KiB", value / 1024.0) : value + " B";
  }
}
