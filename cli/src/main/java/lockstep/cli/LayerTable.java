// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import lockstep.compiler.program.Program.Stripes;
import lockstep.sweep.run.Account;
import lockstep.sweep.run.LayerRun;
import lockstep.sweep.run.ModelRun;

/** A run layer by layer, as text: those of the machine, and in their places those of the host. */
final class LayerTable {
  private LayerTable() {}

  static TextTable of(ModelRun run) {
    var table =
        new TextTable(
            "layer",
            ">MACs",
            ">cycles",
            ">bound",
            "by",
            ">over",
            ">used",
            ">off-chip B",
            ">bound B",
            "on chip",
            "depth-first",
            ">nJ",
            run.account().engine() + " waits for");
    for (int i = 0; i < run.layers().size(); i++) {
      hostRows(table, run, i);
      LayerRun each = run.layers().get(i);
      table.row(
          each.name(),
          each.macs(),
          each.cycles(),
          each.boundCycles(),
          each.boundBy(),
          percent((double) (each.cycles() - each.boundCycles()) / Math.max(1, each.boundCycles())),
          percent(each.utilisation(run.peakMacsPerCycle())),
          each.dramBytes(),
          each.boundBytes(),
          each.onChip(),
          stripes(each),
          String.format(Locale.ROOT, "%.1f", each.picojoules() / 1000),
          waits(run.account(), each));
    }
    hostRows(table, run, run.layers().size());
    return table;
  }

  /** The host's layers between two of the machine: what takes no cycle stands in its place. */
  private static void hostRows(TextTable table, ModelRun run, int behind) {
    for (ModelRun.HostStep each : run.host()) {
      if (each.behind() == behind) {
        String macs = each.integerMacs() == 0 ? "" : String.valueOf(each.integerMacs());
        table.row(each.layer(), macs, "host", "", "", "", "", "", "", "", "", "", "");
      }
    }
  }

  private static String stripes(LayerRun layer) {
    Stripes s = layer.stripes();
    return s.chain() == 0 ? "" : "chain %d, %d stripes".formatted(s.chain(), s.count());
  }

  /** The reasons that cost the machine most, each with its share of the layer's cycles. */
  private static String waits(Account account, LayerRun layer) {
    return account.of(layer).entrySet().stream()
        .filter(each -> !each.getKey().equals(account.busy()))
        .filter(each -> each.getValue() * 50 >= layer.cycles() && each.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(3)
        .map(
            each ->
                each.getKey().substring(account.unit().length() + 1)
                    + " "
                    + percent((double) each.getValue() / layer.cycles()))
        .collect(Collectors.joining(", "));
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }
}
