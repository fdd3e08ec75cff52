// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.sim.ProgramFault;

/** A bundle breaks a rule that the program keeps, or waits for what never comes. */
public final class BundleFault extends ProgramFault {
  private static final long serialVersionUID = 1L;

  private final int bundle;

  BundleFault(int bundle, String message) {
    super("bundle %d: %s".formatted(bundle, message));
    this.bundle = bundle;
  }

  /** The bundle's number in the order of the program. */
  public int bundle() {
    return bundle;
  }
}
