// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

/** The program does what the machine does not allow, or waits for a token that never comes. */
public final class ProgramFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ProgramFault(String message) {
    super(message);
  }
}
