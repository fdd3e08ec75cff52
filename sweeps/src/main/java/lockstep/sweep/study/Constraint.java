// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.study;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;
import lockstep.arch.UserError;

/**
 * A condition on a metric of a trial, for example {@code area_mm2 <= 5}. A trial that does not meet
 * it is complete but not on the front.
 */
public record Constraint(String metric, Relation relation, double bound) {
  private static final Pattern FORM =
      Pattern.compile("([a-z][a-z0-9_.]*)\\s*(<=|>=|<|>)\\s*(\\S+)");

  /** How metric and bound compare. */
  public enum Relation {
    AT_MOST("<="),
    AT_LEAST(">="),
    BELOW("<"),
    ABOVE(">");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }
  }

  /**
   * Reads the text of a constraint.
   *
   * @throws UserError when it is not a metric, a relation and a number
   */
  public static Constraint parse(String text) {
    var matcher = FORM.matcher(text.strip());
    if (matcher.matches()) {
      for (Relation relation : Relation.values()) {
        if (relation.sign.equals(matcher.group(2))) {
          try {
            return new Constraint(matcher.group(1), relation, Double.parseDouble(matcher.group(3)));
          } catch (NumberFormatException e) {
            throw new UserError(
                "constraint `" + text + "`: `" + matcher.group(3) + "` is not a number");
          }
        }
      }
    }
    throw new UserError(
        "constraint `"
            + text
            + "` is not a metric, one of <= >= < >, and a number; write for example area_mm2 <= 5");
  }

  /**
   * Whether a trial's metrics meet it.
   *
   * @throws UserError when the trial has no such metric
   */
  public boolean met(Map<String, Double> metrics) {
    Double value = metrics.get(metric);
    if (value == null) {
      throw new UserError(
          "constraint `"
              + this
              + "`: there is no metric `"
              + metric
              + "`; the metrics are "
              + String.join(", ", metrics.keySet()));
    }
    return switch (relation) {
      case AT_MOST -> value <= bound;
      case AT_LEAST -> value >= bound;
      case BELOW -> value < bound;
      case ABOVE -> value > bound;
    };
  }

  @Override
  public String toString() {
    var number = BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    return metric + " " + relation.sign + " " + number;
  }
}
