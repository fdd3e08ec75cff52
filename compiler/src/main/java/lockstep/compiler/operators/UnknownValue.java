// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

/** A result's shape depends on the value of an input that is known only when the model runs. */
public final class UnknownValue extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int input;

  UnknownValue(int input) {
    super("the shape of its result depends on its input " + input + ", which is not constant");
    this.input = input;
  }

  /** Which input it is. */
  public int input() {
    return input;
  }
}
