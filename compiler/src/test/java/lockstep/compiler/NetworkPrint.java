// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.util.Arrays;
import java.util.stream.Collectors;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Output;

/** A network as text that is equal exactly when the networks' contents are. */
public final class NetworkPrint {
  private NetworkPrint() {}

  public static String of(Network network) {
    return network.layers().stream().map(NetworkPrint::of).collect(Collectors.joining("\n"))
        + network.inputs()
        + network.outputs();
  }

  private static String of(Layer layer) {
    String contents =
        switch (layer) {
          case Layer.Convolution c ->
              c.weights().hashCode()
                  + Arrays.toString(c.bias())
                  + c.groups()
                  + c.window()
                  + of(c.out());
          case Layer.MatrixProduct p -> of(p.out());
          case Layer.Concat _ -> "";
          case Layer.View v -> "from " + v.firstChannel();
          case Layer.Host h -> Arrays.hashCode(h.model()) + h.reason();
          case LaneLayer lanes -> throw new IllegalArgumentException(lanes.name());
        };
    return layer.name() + layer.source() + layer.inputs() + layer.output() + contents;
  }

  private static String of(Output out) {
    return out.pool()
        + Arrays.toString(out.multipliers())
        + Arrays.toString(out.shifts())
        + out.residual()
        + out.residualMultiplier()
        + " "
        + out.leak()
        + " "
        + out.outShift()
        + " "
        + out.min()
        + " "
        + out.max();
  }
}
