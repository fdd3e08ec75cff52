// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.List;

/** Built-in models: real topologies, seeded weights. */
public final class Zoo {
  private Zoo() {}

  public static List<String> names() {
    return List.of();
  }

  /**
   * @throws IllegalArgumentException if there is no model of that name
   */
  public static byte[] model(String name) {
    throw new IllegalArgumentException(name);
  }
}
