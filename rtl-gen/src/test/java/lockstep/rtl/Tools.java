// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import org.junit.jupiter.api.Assumptions;

/** Skips a test whose tool is not installed, and says so. */
public final class Tools {
  private Tools() {}

  public static void assumeInstalled(String tool) {
    Assumptions.assumeTrue(new Tool(tool, tool).installed(), tool + " is not installed");
  }
}
