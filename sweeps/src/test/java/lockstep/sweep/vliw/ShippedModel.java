// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.CalibrationInputs;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.data.DataSet;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.quant.Capabilities;

/** A model beside the repository, with its inputs and outputs. */
record ShippedModel(String name, Path folder) {
  private static final List<String> FOLDERS = List.of("onnx_pytorch_converted", "onnx_simple");

  /** The ONNX project's small models, or the end of the test with the reason. */
  static List<ShippedModel> cases() throws IOException {
    List<ShippedModel> all = new ArrayList<>();
    for (String folder : FOLDERS) {
      try (Stream<Path> cases = Files.list(workloads().resolve(folder))) {
        cases.sorted().forEach(c -> all.add(of(c)));
      }
    }
    return all;
  }

  /** A network by its folder's name, or the end of the test with the reason. */
  static ShippedModel network(String name) {
    return of(workloads().resolve(name));
  }

  private static ShippedModel of(Path folder) {
    return new ShippedModel(folder.getFileName().toString(), folder);
  }

  private static Path workloads() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("shared/workloads"))) {
      at = at.getParent();
    }
    assumeTrue(at != null, "skipped: there is no ../shared/workloads");
    return at.resolve("shared/workloads");
  }

  DataSet set() {
    return DataSet.in(folder).getFirst();
  }

  /** The model calibrated on its own inputs, in layers that a machine has. */
  QuantisedModel quantised(Capabilities capabilities) {
    var source = ModelSource.of(folder.resolve("model.onnx").toString(), sizes());
    var inputs =
        CalibrationInputs.read(
            ModelCompiler.read(source), List.of(folder.resolve("test_data_set_0")));
    return ModelCompiler.prepare(
            source, QuantisationOptions.calibratedOn(inputs), Pipeline.standard())
        .quantised(Quantisation.DEFAULT, capabilities);
  }

  /** The size that a model leaves open; the elements of an input called shape. */
  private Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new HashMap<>();
    if (name.equals("test_sequence_model8")) {
      sizes.put("n", set().inputs().getFirst().shape().dim(0));
    }
    if (name.contains("expand_shape") && set().inputs().get(1) instanceof Constant.Integers i) {
      for (int d = 0; d < i.values().length; d++) {
        sizes.put("shape[" + d + "]", (int) i.values()[d]);
      }
    }
    return sizes;
  }

  /** The bytes of the network's inputs. */
  Map<String, byte[]> inputs(QuantisedModel model) {
    Map<String, byte[]> bytes = new HashMap<>();
    for (int i = 0; i < model.inputs().size(); i++) {
      QuantisedModel.Input input = model.inputs().get(i);
      bytes.put(input.tensor().name(), input.quantise(set().inputs().get(i).floats()));
    }
    return bytes;
  }

  @Override
  public String toString() {
    return name;
  }
}
