// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.PrintWriter;
import lockstep.sweep.run.KernelRun;
import lockstep.sweep.run.ModelRun;

/** The pipelined loops of a run as text; nothing for a machine whose compiler pipelines none. */
final class KernelTable {
  private KernelTable() {}

  static void print(PrintWriter out, ModelRun run) {
    if (run.kernels().isEmpty()) {
      return;
    }
    var table =
        new TextTable(
            "layer",
            "loop",
            ">interval",
            ">bound",
            "by",
            ">rounds",
            ">stages",
            "registers",
            ">of peak");
    for (KernelRun each : run.kernels()) {
      table.row(
          each.layer(),
          each.name(),
          each.interval(),
          each.bound(),
          each.boundBy(),
          each.rounds(),
          each.stages(),
          each.registersText(),
          LayerTable.percent(each.peakShare()));
    }
    out.print(table);
    out.printf(
        "%d of %d loops at their bound%n%n",
        run.kernels().stream().filter(KernelRun::atBound).count(), run.kernels().size());
  }
}
