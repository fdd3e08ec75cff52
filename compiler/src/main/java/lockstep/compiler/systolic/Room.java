// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.StringJoiner;

/**
 * What a layer finds in the scratchpad.
 *
 * @param banks banks that it may use for what it loads, from bank 0
 * @param input its activations are there
 * @param residual what it adds is there
 * @param outputs channels of its results that stay there
 */
record Room(int banks, boolean input, boolean residual, int outputs) {

  /** For reports: what is on chip of a layer with {@code channels} output channels. */
  String describe(int channels) {
    StringJoiner on = new StringJoiner(", ");
    if (input) {
      on.add("input");
    }
    if (residual) {
      on.add("residual");
    }
    if (outputs > 0) {
      on.add(outputs == channels ? "output" : "part of output");
    }
    return on.toString();
  }

  /** All {@code banks} banks, and nothing on chip. */
  static Room empty(int banks) {
    return new Room(banks, false, false, 0);
  }
}
