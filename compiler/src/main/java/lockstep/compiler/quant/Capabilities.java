// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a machine does itself beside convolutions, products of activations, concatenations along
 * channels and views: the {@link lockstep.compiler.network.LaneLayer}s that a network for it may
 * have. What is not here runs on the host, in floats.
 *
 * @param kinds {@link Kind#MOVE} is among them unless there are none
 */
public record Capabilities(Set<Kind> kinds) {

  /** A kind of layer. */
  public enum Kind {
    /** Functions of one number by table, and other encodings. */
    LOOKUP,
    /** Two tensors element by element. */
    ELEMENTWISE,
    /** Elements at other places, and joins along any axis. */
    MOVE,
    /** Sums and extremes along axes. */
    REDUCE,
    /** Softmax and its logarithm. */
    SOFTMAX,
    /** Layer normalisation, with or without a mean. */
    NORMALISATION
  }

  /** Convolutions and products only. */
  public static final Capabilities NONE = new Capabilities(Set.of());

  /** Everything that there is a layer for. */
  public static final Capabilities ALL = new Capabilities(EnumSet.allOf(Kind.class));

  public Capabilities {
    kinds = Set.copyOf(kinds);
    if (!kinds.isEmpty() && !kinds.contains(Kind.MOVE)) {
      throw new IllegalArgumentException(kinds + " without moves");
    }
  }

  /** Whether the machine has a kind of layer. */
  public boolean has(Kind kind) {
    return kinds.contains(kind);
  }

  /** Whether there are any. */
  public boolean any() {
    return !kinds.isEmpty();
  }
}
