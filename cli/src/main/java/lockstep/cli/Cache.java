// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;

/** Where built Verilog is kept between runs. */
final class Cache {
  private Cache() {}

  /** {@code $LOCKSTEP_CACHE}, else {@code lockstep} in the user's cache folder. */
  static Path folder() {
    var chosen = System.getenv("LOCKSTEP_CACHE");
    if (chosen != null && !chosen.isEmpty()) {
      return Path.of(chosen);
    }
    var shared = System.getenv("XDG_CACHE_HOME");
    return (shared == null || shared.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(shared))
        .resolve("lockstep");
  }

  static Path verilated() {
    return folder().resolve("verilated");
  }
}
