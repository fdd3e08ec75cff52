// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

/**
 * A mistake of the user, or something missing on the user's machine: the message says what is wrong
 * and how to repair it, and is all that is printed. Where a file is at fault the message starts
 * with {@code file:line:column:}.
 *
 * <p>Exit codes: {@value #CHECK_FAILED} a check failed, {@value #BAD_INPUT} usage or bad input,
 * {@value #MISSING_TOOL} a missing tool.
 */
public final class UserError extends RuntimeException {
  /** A check that the user asked for found a difference. */
  public static final int CHECK_FAILED = 1;

  /** Wrong usage, a file with a mistake in it, an unwritable folder. */
  public static final int BAD_INPUT = 2;

  /** A tool that this verb cannot do without is not installed. */
  public static final int MISSING_TOOL = 3;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** A mistake in the input: exit code 2. */
  public UserError(String message) {
    this(message, BAD_INPUT);
  }

  /** As {@link #UserError(String)}, with the exit code that the process ends with. */
  public UserError(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The exit code that the process ends with. */
  public int exitCode() {
    return exitCode;
  }
}
