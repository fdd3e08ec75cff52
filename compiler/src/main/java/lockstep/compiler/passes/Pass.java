// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.Locale;
import lockstep.compiler.graph.Graph;

/**
 * A rewrite of the whole graph that keeps what the graph computes; applying it twice is as once.
 */
public interface Pass {
  Graph apply(Graph graph);

  /** Passes whose results this one builds on: where both run, those begin first. */
  default List<Class<? extends Pass>> after() {
    return List.of();
  }

  /**
   * The name users give to see the graph after this pass: {@code FuseResidual} is fuse-residual.
   */
  default String name() {
    return name(getClass());
  }

  /** A class's name as users write it. */
  static String name(Class<?> pass) {
    return pass.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
