// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lockstep.arch.UserError;

/**
 * ONNX Runtime 1.29 on Linux crashes the process when its command line, as the kernel gives it, is
 * longer than 4096 bytes (seen with 1.29.0: 3711 bytes of class path run, 4176 do not).
 */
public final class CommandLine {
  private static final int LIMIT = 4096;
  private static final Path KERNEL = Path.of("/proc/self/cmdline");

  private CommandLine() {}

  /**
   * Refuses to go on where ONNX Runtime would crash.
   *
   * @throws UserError saying how long the command line is and what to shorten
   */
  public static void check() {
    int length;
    try {
      length = Files.isReadable(KERNEL) ? Files.readAllBytes(KERNEL).length : 0;
    } catch (IOException e) {
      throw new UserError("the command line cannot be read from " + KERNEL + ": " + e.getMessage());
    }
    if (length >= LIMIT) {
      throw new UserError(
          "the command line has "
              + length
              + " bytes and ONNX Runtime crashes from "
              + LIMIT
              + " on; use shorter paths or put --set values into the spec");
    }
  }
}
