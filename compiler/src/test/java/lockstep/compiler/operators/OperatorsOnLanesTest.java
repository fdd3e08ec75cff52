// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.PreparedModel;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.Signals;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Layer;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.quant.Capabilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operator on a machine with vector lanes, against the host on the same input codes: one step
 * apart, or 25 dB where weights are codes on the machine and floats on the host.
 */
class OperatorsOnLanesTest {
  @TempDir Path folder;

  @Test
  void differByAStepOfTheResult() throws IOException {
    int lowered = 0;
    Map<String, Integer> left = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (OperatorModels.Model model : OperatorModels.all()) {
      if (model.graph().types().values().stream().anyMatch(t -> t.shape().elements() == 0)) {
        continue;
      }
      Path file = Files.write(folder.resolve("one.onnx"), model.bytes());
      QuantisedModel onHost;
      QuantisedModel onLanes;
      Map<String, float[]> expected;
      try {
        PreparedModel prepared =
            ModelCompiler.prepare(
                ModelSource.of(file.toString(), Map.of()),
                QuantisationOptions.calibratedOn(List.of(model.inputs())),
                Pipeline.standard());
        onHost = prepared.quantised(Quantisation.DEFAULT);
        onLanes = prepared.quantised(Quantisation.DEFAULT, Capabilities.ALL);
        expected = Interpreter.runFloats(onHost, model.inputs());
      } catch (UserError e) {
        continue;
      } catch (RuntimeException e) {
        wrong.add(model.operator() + " " + e + model.graph().nodes());
        continue;
      }
      onLanes
          .hostLayers()
          .forEach(h -> left.merge(String.join(",", h.operators()), 1, Integer::sum));
      if (onHost.hostLayers().isEmpty()) {
        continue;
      }
      lowered += onLanes.hostLayers().isEmpty() ? 1 : 0;
      Map<String, float[]> actual = Interpreter.runFloats(onLanes, model.inputs());
      for (QuantisedModel.Result result : onHost.outputs()) {
        double worst = 0;
        float[] a = actual.get(result.name());
        float[] e = expected.get(result.name());
        assertThat(a).as(model.operator()).hasSameSizeAs(e);
        for (int i = 0; i < a.length; i++) {
          worst = Math.max(worst, Math.abs((double) a[i] - e[i]) / result.tensor().scale());
        }
        boolean weights =
            onLanes.network().layers().stream().anyMatch(Layer.Convolution.class::isInstance);
        if (weights ? Signals.sqnrDecibel(a, e) < 25 : worst > 1.01) {
          wrong.add(
              model.operator()
                  + " "
                  + result.name()
                  + ": "
                  + worst
                  + " steps "
                  + model.graph().nodes());
        }
      }
    }
    System.out.printf("%d cases on lanes; left on the host: %s%n", lowered, left);
    assertThat(wrong).isEmpty();
    assertThat(lowered).isGreaterThan(100);
  }
}
