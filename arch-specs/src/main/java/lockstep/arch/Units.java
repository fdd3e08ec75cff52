// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a number with a unit, which machine files do not allow, to say the number to write. */
final class Units {
  private static final Pattern QUANTITY =
      Pattern.compile("([0-9][0-9_]*(?:\\.[0-9]+)?) *([A-Za-z/]*)");

  private static final Map<String, Long> BYTES =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("b", 1L),
          Map.entry("k", 1L << 10),
          Map.entry("kb", 1L << 10),
          Map.entry("kib", 1L << 10),
          Map.entry("m", 1L << 20),
          Map.entry("mb", 1L << 20),
          Map.entry("mib", 1L << 20),
          Map.entry("g", 1L << 30),
          Map.entry("gb", 1L << 30),
          Map.entry("gib", 1L << 30));

  private static final Map<String, BigDecimal> MEGAHERTZ =
      Map.of(
          "",
          BigDecimal.ONE,
          "khz",
          new BigDecimal("0.001"),
          "mhz",
          BigDecimal.ONE,
          "ghz",
          BigDecimal.valueOf(1000));

  private Units() {}

  /**
   * What to write instead of a text.
   *
   * @param name the key in a message, which ends with its unit, for example {@code
   *     `scratchpad.capacity_bytes`}
   * @return null when the text is not a number, with or without a unit that fits the key
   */
  static @Nullable String suggestion(String name, String text) {
    var matcher = QUANTITY.matcher(text.strip());
    if (!matcher.matches()) {
      return null;
    }
    var number = new BigDecimal(matcher.group(1).replace("_", ""));
    var unit = matcher.group(2).toLowerCase(Locale.ROOT);
    if (name.endsWith("_bytes`") && BYTES.containsKey(unit)) {
      var bytes = number.multiply(BigDecimal.valueOf(BYTES.getOrDefault(unit, 1L)));
      return "the number of bytes without a unit: " + plain(bytes);
    }
    if (name.endsWith("_mhz`") && MEGAHERTZ.containsKey(unit)) {
      var megahertz = number.multiply(MEGAHERTZ.getOrDefault(unit, BigDecimal.ONE));
      return "megahertz without a unit: " + plain(megahertz);
    }
    return unit.isEmpty() ? "the number without quotes or _: " + plain(number) : "the number alone";
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
