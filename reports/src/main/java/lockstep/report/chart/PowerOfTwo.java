// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.Locale;

/** Writes a logarithm to base 2 as the value it stands for; those below one as a fraction. */
final class PowerOfTwo extends NumberFormat {
  private static final long serialVersionUID = 1L;

  @Override
  public StringBuffer format(double exponent, StringBuffer target, FieldPosition position) {
    return exponent < 0
        ? target.append("1/").append(whole(-exponent))
        : target.append(whole(exponent));
  }

  @Override
  public StringBuffer format(long exponent, StringBuffer target, FieldPosition position) {
    return format((double) exponent, target, position);
  }

  @Override
  public Number parse(String text, ParsePosition position) {
    throw new UnsupportedOperationException("this format only writes");
  }

  private static String whole(double exponent) {
    return String.format(Locale.ROOT, "%,d", Math.round(Math.pow(2, exponent)));
  }
}
