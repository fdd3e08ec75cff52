// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.Calibration;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.LayerRule;
import lockstep.arch.quantisation.Pruning;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.PreparedModel;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.passes.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityTest {
  @TempDir Path folder;

  private static PreparedModel.FloatModel model() {
    return (PreparedModel.FloatModel)
        ModelCompiler.prepare(
            ModelSource.of("ds_cnn", Map.of()),
            QuantisationOptions.defaults(),
            Pipeline.standard());
  }

  private static Quantisation bits(int weights, int activations, LayerRule... rules) {
    return new Quantisation(
        new LayerQuantisation(
            new Calibration.MinMax(),
            LayerQuantisation.Granularity.CHANNEL,
            weights,
            activations,
            new Pruning.None()),
        List.of(rules));
  }

  private static QualityReport measure(
      PreparedModel.FloatModel model, Quantisation choices, QualityInputs inputs) {
    return Quality.measure(model.graph(), model.quantised(choices), choices, inputs);
  }

  @Test
  void fewerBitsAreFurtherFromTheFloatModelAndRulesBringThemBack() {
    PreparedModel.FloatModel model = model();
    QualityInputs inputs = QualityInputs.of(model, null, null);
    QualityReport eight = measure(model, Quantisation.DEFAULT, inputs);
    QualityReport four = measure(model, bits(4, 8), inputs);
    QualityReport fourActivations = measure(model, bits(8, 4), inputs);
    QualityReport undone =
        measure(model, bits(4, 8, new LayerRule("*", null, null, 8, null, null)), inputs);

    assertThat(eight.samples()).isEqualTo(8);
    assertThat(eight.sqnrDb()).isGreaterThan(15);
    assertThat(four.sqnrDb()).isLessThan(eight.sqnrDb() - 6);
    assertThat(fourActivations.sqnrDb()).isLessThan(eight.sqnrDb() - 6);
    assertThat(undone.sqnrDb()).isEqualTo(eight.sqnrDb());
    assertThat(eight.layers()).hasSizeGreaterThan(8);
    assertThat(eight.layers().getFirst().sqnrDb()).isBetween(25.0, 60.0);
    assertThat(fourActivations.layers().getFirst().activationBits()).isEqualTo(4);
  }

  @Test
  void prunedWeightsAreCounted() {
    PreparedModel.FloatModel model = model();
    QualityInputs inputs = QualityInputs.of(model, null, null);
    Quantisation half =
        new Quantisation(
            new LayerQuantisation(
                new Calibration.MinMax(),
                LayerQuantisation.Granularity.CHANNEL,
                8,
                8,
                new Pruning.NOfM(1, 4)),
            List.of());
    for (QualityReport.LayerQuality each : measure(model, half, inputs).layers()) {
      if (each.zeros() != null && each.zeros().weights() > 4 * each.zeros().groups() - 4) {
        assertThat(each.zeros().sparsity()).as(each.layer()).isGreaterThanOrEqualTo(0.75);
        assertThat(each.zeros().withinN()).isEqualTo(each.zeros().groups());
      }
    }
  }

  @Test
  void accuracyIsThatOfTheLabels() throws IOException {
    PreparedModel.FloatModel model = model();
    QualityInputs seeded = QualityInputs.of(model, null, null);
    String input = model.graph().inputs().getFirst();
    int elements = Objects.requireNonNull(seeded.runs().getFirst().get(input)).length;
    Path inputs = Files.createDirectory(folder.resolve("inputs"));
    write(inputs.resolve("a.npy"), seeded.runs().subList(0, 2), input, elements);
    write(inputs.resolve("b.npy"), seeded.runs().subList(2, 3), input, elements);
    Path labels = Files.writeString(folder.resolve("labels.txt"), "# classes\n0\n1\n2\n");

    QualityInputs read = QualityInputs.of(model, inputs, labels);
    QualityReport report = measure(model, Quantisation.DEFAULT, read);

    assertThat(read.labels()).containsExactly(0, 1, 2);
    assertThat(report.samples()).isEqualTo(3);
    assertThat(report.accuracy()).isNotNull().isBetween(0.0, 1.0);
    QualityReport own = measure(model, Quantisation.DEFAULT, seeded);
    assertThat(own.accuracy()).isNull();

    Path names = Files.writeString(folder.resolve("named.csv"), "file,label\na.npy,3\nb,1\n");
    assertThat(QualityInputs.of(model, inputs, names).labels()).containsExactly(3, 3, 1);
    Path few = Files.writeString(folder.resolve("few.txt"), "1\n");
    assertThatThrownBy(
            () -> measure(model, Quantisation.DEFAULT, QualityInputs.of(model, inputs, few)))
        .isInstanceOf(UserError.class)
        .hasMessage("1 labels for 3 samples; give one for each, in order");
    Path wrong = Files.writeString(folder.resolve("wrong.txt"), "1\ncat\n");
    assertThatThrownBy(() -> QualityInputs.of(model, inputs, wrong))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("wrong.txt:2:1: is neither a label nor file,label");
  }

  private static void write(Path file, List<Map<String, float[]>> runs, String input, int elements)
      throws IOException {
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(runs.size(), elements);
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + 4 * elements * runs.size())
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.ISO_8859_1));
    for (Map<String, float[]> run : runs) {
      for (float each : Objects.requireNonNull(run.get(input))) {
        bytes.putFloat(each);
      }
    }
    Files.write(file, bytes.array());
  }

  @Test
  void foldersThatDoNotFitAreRefused() throws IOException {
    PreparedModel.FloatModel model = model();
    assertThatThrownBy(() -> InputFolder.read(model.graph(), folder.resolve("none")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is no folder");
    assertThatThrownBy(() -> InputFolder.read(model.graph(), folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no .npy or .pb file");
    write(folder.resolve("x.npy"), List.of(Map.of("i", new float[7])), "i", 7);
    assertThatThrownBy(() -> InputFolder.read(model.graph(), folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("x.npy: holds 7 numbers; input '");
  }

  @Test
  void theRatioIsOfEnergiesAndFinite() {
    SignalToNoise ratio = new SignalToNoise();
    ratio.add(new float[] {3, 4}, new float[] {3, 4});
    assertThat(ratio.decibel()).isEqualTo(300);
    ratio.add(new float[] {0, 5}, new float[] {0.5f, 5});
    assertThat(ratio.decibel()).isCloseTo(10 * Math.log10(50 / 0.25), within(1e-9));
    SignalToNoise silent = new SignalToNoise();
    silent.add(new float[] {0}, new float[] {1});
    assertThat(silent.decibel()).isEqualTo(-300);
  }

  @Test
  void classesAreAlongTheRightDimension() {
    float[] values = {1, 5, 2, 9, 0, 3};
    assertThat(TopClass.of(Shape.of(2, 3), values)).containsExactly(1, 0);
    assertThat(TopClass.of(Shape.of(1, 2, 3), values)).containsExactly(1, 0);
    assertThat(TopClass.of(Shape.of(1, 2, 3, 1), values)).containsExactly(1, 0, 1);
    assertThat(TopClass.of(Shape.of(6), values)).containsExactly(3);
  }
}
