// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;
import lockstep.compiler.passes.GraphBuilder;
import org.junit.jupiter.api.Test;

class EncodingsTest {
  private static Encoding of(double min, double max) {
    return CodeWidth.BYTE.encoding(new Calibration.Range((float) min, (float) max));
  }

  @Test
  void theRangeFillsTheCodes() {
    Encoding q = of(-1, 3);
    assertThat(q.quantise(-1)).isEqualTo((byte) -128);
    assertThat(q.quantise(3)).isEqualTo((byte) 127);
    assertThat(q.dequantise((byte) q.zeroPoint())).isZero();
  }

  @Test
  void whatIsNeverNegativeHasZeroPointMinus128() {
    assertThat(of(0, 5).zeroPoint()).isEqualTo(-128);
    assertThat(of(2, 5).zeroPoint()).isEqualTo(-128);
    assertThat(of(-5, -2).zeroPoint()).isEqualTo(127);
  }

  @Test
  void degenerateRangesHaveAScale() {
    assertThat(of(0, 0).scale()).isEqualTo(1);
    assertThat(of(0, Float.MIN_VALUE).scale()).isPositive();
    assertThat(of(-Float.MAX_VALUE, Float.MAX_VALUE).scale()).isFinite();
    assertThat(of(4, 4).quantise(4)).isEqualTo((byte) 127);
  }

  @Test
  void symmetricOnesHaveZeroPointZero() {
    assertThat(new CodeWidth(8, true).encoding(new Calibration.Range(-1, 2.54f)))
        .isEqualTo(new Encoding(2.54f / 127.0, 0));
  }

  private static GraphBuilder joined() {
    return new GraphBuilder()
        .input("x", 1, 2, 4, 4)
        .constant("one", new Constant.Splat(Shape.of(2, 1, 1, 1), 1))
        .node(
            "p",
            new Op.Conv(
                Window.POINT, 2, new Window(2, 2, 1, 1, 1, 1, 0, 0, 1, 1), false, Activation.NONE),
            "x",
            "one")
        .node("y", new Op.Concat(1), "p", "x");
  }

  @Test
  void whatIsJoinedOrCopiedSharesAnEncoding() {
    Graph graph = joined().output("y").build();
    Encodings encodings =
        new Encodings(
            new EncodingGroups(graph),
            Map.of(
                "x", new Calibration.Range(-1, 1),
                "p", new Calibration.Range(0, 1),
                "y", new Calibration.Range(-1, 1.55f)),
            Map.of());
    assertThat(encodings.of("x")).isEqualTo(encodings.of("y")).isEqualTo(encodings.of("p"));
    assertThat(encodings.of("x").scale()).isEqualTo((1.55f + 1.0) / 255);
  }

  @Test
  void aPrescribedEncodingIsShared() {
    Graph graph = joined().quantised("y", 0.5, 7).output("y").build();
    Encodings encodings = new Encodings(new EncodingGroups(graph), Map.of(), Map.of());
    assertThat(encodings.of("x")).isEqualTo(new Encoding(0.5, 7));
  }

  @Test
  void differentPrescribedEncodingsStayDifferent() {
    Graph graph = joined().quantised("y", 0.5, 7).quantised("x", 0.25, 0).output("y").build();
    Encodings encodings = new Encodings(new EncodingGroups(graph), Map.of(), Map.of());
    assertThat(encodings.of("y")).isEqualTo(new Encoding(0.5, 7));
    assertThat(encodings.of("x")).isEqualTo(new Encoding(0.25, 0));
  }

  @Test
  void theResidualShiftIsTheLargestThatFits() {
    assertThat(ConvolutionLowering.outShift(1, 1)).isEqualTo(15);
    assertThat(ConvolutionLowering.outShift(2, 1)).isEqualTo(14);
    assertThat(ConvolutionLowering.outShift(65535, 1)).isEqualTo(0);
    assertThat(ConvolutionLowering.outShift(65537, 1)).isEqualTo(-1);
  }
}
