// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.memory.AddressParts;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.NetworkCheck;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import org.junit.jupiter.api.Test;

/** Splits and heads that move nothing. */
class AddressPartsTest {
  private static Tensor tensor(String name, int n, int c) {
    return new Tensor(name, n, c, 1, 3, 0.5, 2);
  }

  private static Layer.View view(Tensor in, int first, Tensor out) {
    return new Layer.View(out.name(), List.of(out.name()), in, first, out);
  }

  private static Network network(Tensor in, Layer... layers) {
    return NetworkCheck.require(
        new Network(
            "n", List.of(in), List.of(layers), List.of(layers[layers.length - 1].output())));
  }

  private static byte[] counted(Tensor t) {
    byte[] bytes = new byte[(int) t.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  /** What is read where the view lies, after its root is written. */
  private static byte[] readInPlace(Network network, int cols) {
    MemoryPlan plan = MemoryPlan.of(network, cols);
    byte[] memory = new byte[(int) plan.bytes()];
    Tensor in = network.inputs().getFirst();
    Placement place = plan.placement(in);
    place.write(counted(in), memory);
    return plan.placement(network.outputs().getFirst()).read(memory);
  }

  private static byte[] interpreted(Network network) {
    Tensor in = network.inputs().getFirst();
    Map<String, byte[]> values = Interpreter.run(network, Map.of(in.name(), counted(in)));
    return values.get(network.outputs().getFirst().name());
  }

  @Test
  void aRangeOfWholeBlocksIsReadInPlace() {
    Tensor x = tensor("x", 2, 10);
    Network middle = network(x, view(x, 4, tensor("y", 2, 4)));
    Network rest = network(x, view(x, 8, tensor("y", 2, 2)));
    for (Network network : List.of(middle, rest)) {
      assertThat(AddressParts.of(network, 4, _ -> true).free()).containsExactly("y");
      assertThat(readInPlace(network, 4)).isEqualTo(interpreted(network));
    }
  }

  @Test
  void headsAreImagesInPlaceThereAndBack() {
    Tensor x = tensor("x", 1, 24);
    Tensor heads = tensor("heads", 3, 8);
    Network there = network(x, view(x, 0, heads));
    Network back = network(x, view(x, 0, heads), view(heads, 0, tensor("z", 1, 24)));
    Network some = network(x, view(x, 8, tensor("two", 2, 8)));
    for (Network network : List.of(there, back, some)) {
      assertThat(AddressParts.of(network, 4, _ -> true).free()).hasSameSizeAs(network.layers());
      assertThat(readInPlace(network, 4)).isEqualTo(interpreted(network));
    }
  }

  @Test
  void whatIsNoWholeBlockIsCopiedByTheHost() {
    Tensor x = tensor("x", 1, 24);
    Network offset = network(x, view(x, 6, tensor("y", 1, 8)));
    Network narrow = network(x, view(x, 0, tensor("y", 1, 6)));
    Network heads = network(x, view(x, 0, tensor("y", 4, 6)));
    Tensor two = tensor("x", 2, 24);
    Network part =
        network(
            two, view(two, 0, tensor("p", 2, 8)), view(tensor("p", 2, 8), 0, tensor("y", 4, 4)));
    for (Network network : List.of(offset, narrow, heads, part)) {
      MemoryPlan plan = MemoryPlan.of(network, 4);
      assertThat(plan.hostReason(network.layers().getLast())).contains("do not fill whole blocks");
      assertThat(plan.placement(network.outputs().getFirst()).root()).isEqualTo("y");
    }
  }

  @Test
  void aViewBeyondItsTensorIsRefused() {
    Tensor x = tensor("x", 1, 8);
    assertThatThrownBy(() -> network(x, view(x, 4, tensor("y", 1, 8))))
        .hasMessageContaining("views");
  }
}
