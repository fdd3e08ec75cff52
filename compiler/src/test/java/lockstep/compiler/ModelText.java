// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lockstep.arch.SpecLoader;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.network.Network;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.compiler.systolic.SystolicCompiler;

/**
 * What a model of the zoo becomes, as text: the graph behind all passes, node by node, and what a
 * machine makes of it, layer by layer. Numbers of weights and encodings are left out, since the
 * last bits of a calibration differ from CPU to CPU.
 *
 * @param graph behind all passes
 */
record ModelText(Graph graph, Network network) {
  static ModelText of(String model) {
    ModelSource source = ModelSource.of(model, Map.of());
    return new ModelText(
        Pipeline.standard().run(ModelCompiler.read(source)),
        ModelCompiler.network(source, QuantisationOptions.defaults()).network());
  }

  CompiledModel on(String machine) {
    SystolicArchitecture arch =
        (SystolicArchitecture)
            SpecLoader.load(Path.of("../arch-specs", machine + ".yaml"), List.of()).architecture();
    return SystolicCompiler.compile(network, arch, "");
  }

  String text(CompiledModel compiled) {
    StringBuilder text = new StringBuilder("graph\n");
    for (Node node : graph.nodes()) {
      text.append("  ")
          .append(node.name())
          .append(" = ")
          .append(node.op().getClass().getSimpleName());
      for (String input : node.inputs()) {
        boolean constant = graph.constants().containsKey(input);
        text.append(constant ? " constant" : " " + input);
        text.append(input.isEmpty() ? "-" : ":" + graph.type(input));
      }
      text.append(" -> ").append(graph.type(node.output())).append('\n');
    }
    for (CompiledModel.Step step : compiled.steps()) {
      switch (step) {
        case CompiledModel.OnHost host ->
            text.append("host ").append(host.layer().name()).append('\n');
        case CompiledModel.Accelerator accelerator -> {
          Program program = accelerator.program();
          text.append("program ").append(program.name()).append('\n');
          for (Program.LayerInfo layer : program.layers()) {
            text.append(
                "  %s: %d macs, at least %d bytes, %s\n"
                    .formatted(layer.name(), layer.macs(), layer.boundBytes(), layer.mapping()));
          }
        }
      }
    }
    return text.toString();
  }
}
