// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static org.assertj.core.api.Assertions.assertThat;

import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Window;
import lockstep.compiler.onnx.OnnxWriter;
import org.junit.jupiter.api.Test;

/** A result that is wanted with and without its activation. */
class MultiOutputTest {
  private static Network network(String... outputs) {
    byte[] onnx =
        OnnxWriter.write(
            new GraphBuilder()
                .input("x", 1, 3, 4, 4)
                .constant("w", 8, 3, 1, 1)
                .node("y", new Op.Conv(Window.POINT, 1), "x", "w")
                .node("z", new Op.Activate(Activation.RELU), "y")
                .output(outputs)
                .build());
    return ModelCompiler.network(
            new ModelSource.InMemory("two", onnx), QuantisationOptions.defaults())
        .network();
  }

  @Test
  void itsGainIsSaid() {
    Network network = network("y", "z");
    NetworkPass.Outcome outcome = new MultiOutput().apply(network);
    assertThat(outcome.network()).isEqualTo(network);
    assertThat(outcome.decisions())
        .singleElement()
        .satisfies(d -> assertThat(d.bytesSaved()).isZero())
        .satisfies(d -> assertThat(d.bytesRefused()).isEqualTo(8 * 16));
  }

  @Test
  void withoutASecondReaderThereIsOneLayer() {
    Network network = network("z");
    assertThat(network.layers()).hasSize(1);
    assertThat(new MultiOutput().apply(network).decisions()).isEmpty();
  }
}
