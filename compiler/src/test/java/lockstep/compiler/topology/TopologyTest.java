// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lockstep.arch.UserError;
import lockstep.compiler.NetworkPrint;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.network.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyTest {
  private static final String CONVOLUTIONS =
      "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter,"
          + " Strides,\n";

  private static QuantisedModel read(String text) {
    return Topology.network("t", "t.csv", text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Layer.Convolution> layers(String text) {
    return read(text).network().layers().stream().map(l -> (Layer.Convolution) l).toList();
  }

  @Test
  void convolutionsDropWhatDoesNotFit() {
    List<Layer.Convolution> layers =
        layers(CONVOLUTIONS + "Conv1, 224, 224, 7, 7, 3, 64, 2,\n\nFC6,6,6,6,6,256,4096,1\n");
    assertThat(layers).hasSize(2);
    assertThat(layers.get(0).output().h()).isEqualTo(109);
    assertThat(layers.get(0).macs()).isEqualTo(109L * 109 * 64 * 147);
    assertThat(layers.get(1).output().bytes()).isEqualTo(4096);
  }

  @Test
  void productsAreConvolutionsOverPixels() {
    Layer.Convolution layer = layers("Layer,M,N,K,\nqkv,197,1152,384\n").getFirst();
    assertThat(layer.input().w()).isEqualTo(197);
    assertThat(layer.input().c()).isEqualTo(384);
    assertThat(layer.output().c()).isEqualTo(1152);
    assertThat(layer.macs()).isEqualTo(197L * 1152 * 384);
  }

  @Test
  void twoStridesAreHeightThenWidth() {
    String header = CONVOLUTIONS.replace("Strides,", "Stride height, Stride width,");
    Layer.Convolution layer = layers(header + "a, 9, 9, 3, 3, 1, 2, 1, 3\n").getFirst();
    assertThat(layer.output().h()).isEqualTo(7);
    assertThat(layer.output().w()).isEqualTo(3);
  }

  @Test
  void rowsOfOneNameAreKeptApartAndIndependent() {
    QuantisedModel model = read("Layer,M,N,K,\na,4,5,6\na,4,5,6\n");
    assertThat(model.network().layers()).extracting(Layer::name).containsExactly("a", "a.2");
    assertThat(model.network().inputs()).hasSize(2);
    assertThat(model.network().outputs()).hasSize(2);
    assertThat(NetworkPrint.of(model.network()))
        .isEqualTo(NetworkPrint.of(read("Layer,M,N,K,\na,4,5,6\na,4,5,6\n").network()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Layer,M,N,K,;a,4,x,6,|t.csv:2:5: 'x' is not a whole number",
        "Layer,M,N,K,;a,4, -1,6,|t.csv:2:6: '-1' is not a whole number",
        "Layer,M,N,K,;a,4,5,|t.csv:2:1: the row has 3 fields, the header 4",
        "Layer,M,N,K,|t.csv:1:1: no layers follow the header",
        "Layer,M,K,N,;a,1,2,3|t.csv:1:1: not a header of SCALE-Sim's",
        "''|t.csv:1:1: the file is empty",
        "Layer,M,N,K,;;a,99999999999,5,6|t.csv:3:3: '99999999999' is not a whole number"
      })
  void mistakesHaveAPlace(String lines, String message) {
    assertThatThrownBy(() -> read(lines.replace(';', '\n')))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void filtersMustFit() {
    assertThatThrownBy(() -> read(CONVOLUTIONS + "a, 3, 3, 1, 5, 1, 2, 1,\n"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("t.csv:2:13: the filter is larger than the image");
  }
}
