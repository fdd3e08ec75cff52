// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.network.Network;

/**
 * A step on the quantised network, behind all passes on the float graph. It keeps every tensor's
 * bytes; applying it twice is as once.
 */
public interface NetworkPass {

  /** What it made, and what it decided. */
  record Outcome(Network network, List<Decision> decisions) {}

  Outcome apply(Network network);

  /** The name users give: {@code FuseSiblings} is fuse-siblings. */
  default String name() {
    return Pass.name(getClass());
  }
}
