// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;

/** What follows from a compiled model alone, whatever the machine. */
public final class Stretches {
  private Stretches() {}

  /** Bytes of the programs' instructions as they lie in memory. */
  public static long instructionBytes(CompiledModel compiled) {
    return compiled.programs().stream()
        .flatMap(program -> program.regions().stream())
        .filter(region -> region.kind() == Program.Region.Kind.PROGRAM)
        .mapToLong(Program.Region::bytes)
        .sum();
  }

  /** The host's layers, each behind the machine's layers that come before it. */
  public static List<ModelRun.HostStep> host(CompiledModel compiled) {
    var host = new ArrayList<ModelRun.HostStep>();
    int behind = 0;
    for (CompiledModel.Step step : compiled.steps()) {
      switch (step) {
        case CompiledModel.Accelerator(Program program) -> behind += program.layers().size();
        case CompiledModel.OnHost(var layer, String reason) ->
            host.add(new ModelRun.HostStep(layer.name(), reason, behind, layer.macs()));
      }
    }
    return List.copyOf(host);
  }
}
