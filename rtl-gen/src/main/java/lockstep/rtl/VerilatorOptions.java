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
          "--inline-mult",
          "1");

  /** More options, for a model that runs long. */
  public static final List<String> FAST = List.of("-MAKEFLAGS", "OPT_FAST=-O2");

  /**
   * More options, for a model that is built once and runs shortly: one text, so that Verilator's
   * headers are read once, and few optimisations. The compiler takes 7 instead of 25 CPU seconds
   * for a 32x16 array, 9 instead of 38 for {@code npu.yaml}; the model runs two thirds as fast.
   */
  public static final List<String> QUICK =
      List.of("-MAKEFLAGS", "OPT_FAST=-Og OPT_GLOBAL=-O1 VM_PARALLEL_BUILDS=0");

  private VerilatorOptions() {}
}
