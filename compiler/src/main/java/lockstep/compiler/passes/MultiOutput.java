// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;

/**
 * Looks for layers that could give two results from one set of sums, and says what that would save.
 *
 * <pre>
 * x -> Convolution -> y -> element by element -> z,  y is read elsewhere, too
 *
 * would be   x -> Convolution -> y
 *                            +-> z        y need not be read again for z
 * </pre>
 *
 * Nothing is fused: {@code z} is defined on the codes of {@code y}, which are rounded already, and
 * a second way out of the accumulator would round the sums instead and give other bytes. Where
 * nobody else reads {@code y}, the passes on the float graph have made one layer of the two. Two
 * element-wise readers of one tensor are {@link FuseSiblings}' business.
 */
public final class MultiOutput implements NetworkPass {
  @Override
  public Outcome apply(Network network) {
    Map<String, Layer> producers = new HashMap<>();
    Map<String, Integer> uses = new HashMap<>();
    network.outputs().forEach(t -> uses.merge(t.name(), 1, Integer::sum));
    for (Layer layer : network.layers()) {
      producers.put(layer.output().name(), layer);
      layer.inputs().forEach(t -> uses.merge(t.name(), 1, Integer::sum));
    }
    List<Decision> decisions = new ArrayList<>();
    for (Layer layer : network.layers()) {
      if (layer instanceof Layer.Convolution c
          && elementwise(c)
          && producers.get(c.input().name()) instanceof Layer.Convolution first
          && uses.getOrDefault(c.input().name(), 0) > 1) {
        decisions.add(
            new Decision(
                name(),
                first.name(),
                "Conv apart from " + c.name() + ": that rounds codes, not sums",
                0,
                c.input().bytes()));
      }
    }
    return new Outcome(network, decisions);
  }

  private static boolean elementwise(Layer.Convolution c) {
    return c.groups() == c.input().c()
        && c.output().c() == c.input().c()
        && c.window().kernelH() == 1
        && c.window().kernelW() == 1
        && c.window().strideH() == 1
        && c.window().strideW() == 1;
  }
}
