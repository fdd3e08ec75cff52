// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.List;

/** How models are built: measured for build time and speed together, see {@code docs/rtl.md}. */
public final class VerilatorOptions {
  /** Options of a build, without files and names. */
  public static final List<String> BUILD =
      List.of(
          "--cc",
          "--exe",
          "--build",
          "-O3",
          "--x-assign",
          "fast",
          "--x-initial",
          "fast",
          "--noassert",
          "-CFLAGS",
          "-O2");

  private VerilatorOptions() {}
}
