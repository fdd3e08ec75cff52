// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.nio.file.Path;

/**
 * Where results that can be computed again are kept between runs: {@code LOCKSTEP_CACHE}, else
 * {@code lockstep} in {@code XDG_CACHE_HOME}, else {@code ~/.cache/lockstep}. It may be deleted at
 * any time.
 */
public final class CacheFolder {
  private CacheFolder() {}

  /** Mappings of layers, a file for each machine. */
  public static Path mappings() {
    return root().resolve("mappings");
  }

  /** Verilator builds of generated machines. */
  public static Path verilated() {
    return root().resolve("verilated");
  }

  private static Path root() {
    String own = System.getenv("LOCKSTEP_CACHE");
    if (own != null && !own.isEmpty()) {
      return Path.of(own);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    return xdg != null && !xdg.isEmpty()
        ? Path.of(xdg, "lockstep")
        : Path.of(System.getProperty("user.home"), ".cache", "lockstep");
  }
}
