// SPDX-License-Identifier: Apache-2.0
package lockstep.sim;

/** The program does what the machine does not allow, or waits for what never comes. */
public class ProgramFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ProgramFault(String message) {
    super(message);
  }
}
