// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Which layers of a network a systolic machine runs: those whose codes all fit its 8-bit operands,
 * byte-wide loads and stores, and 32-bit accumulators. The others run on the host, in the same
 * integers.
 */
final class ArrayForm {
  private ArrayForm() {}

  static boolean runs(Layer layer) {
    return hostReason(layer) == null;
  }

  /** Why the host has to run a layer; null if the machine does. */
  static @Nullable String hostReason(Layer layer) {
    List<String> wide = new ArrayList<>();
    switch (layer) {
      case Layer.Host host -> {
        return host.reason();
      }
      case LaneLayer lanes -> {
        return "the array has no vector lanes for a " + lanes.getClass().getSimpleName();
      }
      case Layer.Convolution c -> {
        note(wide, "input", c.input().bits());
        note(wide, "weights", c.weights().bits());
        Tensor residual = c.out().residual();
        note(wide, "what it adds", residual == null ? 0 : residual.bits());
      }
      case Layer.MatrixProduct p -> {
        note(wide, "left operand", p.left().bits());
        note(wide, "right operand", p.right().bits());
      }
      case Layer.View v -> note(wide, "input", v.input().bits());
      case Layer.Concat c -> c.inputs().forEach(t -> note(wide, t.name(), t.bits()));
    }
    note(wide, "result", layer.output().bits());
    return wide.isEmpty()
        ? null
        : "too wide for the array's %d-bit operands: %s"
            .formatted(
                SystolicArchitecture.OPERAND_BITS,
                wide.stream().distinct().collect(Collectors.joining(", ")));
  }

  private static void note(List<String> wide, String what, int bits) {
    if (bits > SystolicArchitecture.OPERAND_BITS) {
      wide.add(what + " " + bits + " bits");
    }
  }
}
