// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.isa.vliw.VliwCounter;
import lockstep.sim.energy.vliw.VliwEnergy;
import lockstep.sim.energy.vliw.VliwWork;
import lockstep.sim.vliw.VliwRun;
import lockstep.sweep.run.Account;
import lockstep.sweep.run.EnergyParts;
import lockstep.sweep.run.KernelRun;
import lockstep.sweep.run.LayerRun;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Stretches;

/** Puts the simulated stretches of a model together: layers, the account of issue, loops. */
final class VliwModelRun {
  private static final String ISSUE = "issue.";
  private static final Account ACCOUNT =
      new Account(
          "matrix unit",
          "issue",
          VliwCounter.ISSUE_BUSY.key(),
          Map.of(
              VliwCounter.ISSUE_BUSY.key(), "issuing",
              VliwCounter.ISSUE_FETCH.key(), "waiting for bundles",
              VliwCounter.ISSUE_BANK.key(), "banks of local memory",
              VliwCounter.ISSUE_WAIT.key(), "waiting for transfers",
              VliwCounter.ISSUE_TRANSFER.key(), "no room for a transfer",
              VliwCounter.ISSUE_DRAIN.key(), "last transfers"));

  private VliwModelRun() {}

  /**
   * The run of a model.
   *
   * @param kernels the loops that the compiler pipelined
   * @param notes what a reader should know
   * @throws IllegalStateException when a run is quicker than its lower bound allows, which is a
   *     fault of the simulator
   */
  static ModelRun of(
      VliwArchitecture machine,
      String model,
      CompiledModel compiled,
      List<VliwRun> runs,
      List<KernelRun> kernels,
      List<String> notes) {
    var energyModel = VliwEnergy.of(machine);
    var programs = compiled.programs();
    var layers = new ArrayList<LayerRun>();
    Map<String, Long> counters = new LinkedHashMap<>();
    var energy = new EnergyParts();
    long cycles = 0;
    for (int i = 0; i < programs.size(); i++) {
      var run = runs.get(i);
      cycles += run.result().cycles();
      run.result().counters().forEach((key, value) -> counters.merge(key, value, Long::sum));
      var work = VliwWork.layers(machine, programs.get(i), run);
      for (int layer = 0; layer < work.size(); layer++) {
        var account = energyModel.account(run.layers().get(layer), work.get(layer));
        energy.add(account);
        layers.add(
            layer(
                machine,
                programs.get(i).layers().get(layer),
                run.layers().get(layer),
                account.picojoules()));
      }
    }
    var matrix = machine.slots().matrix();
    return new ModelRun(
            model,
            cycles,
            machine.clockMhz(),
            layers.stream().mapToLong(LayerRun::macs).sum(),
            (long) matrix.count() * matrix.macs(),
            Math.min(machine.memory().bytesPerCycle(), machine.dma().widthBytes()),
            counters.getOrDefault(VliwCounter.READ_BEATS.key(), 0L) * machine.dma().widthBytes(),
            counters.getOrDefault(VliwCounter.WRITE_BEATS.key(), 0L) * machine.dma().widthBytes(),
            Stretches.instructionBytes(compiled),
            List.copyOf(layers),
            counters,
            energy.list(),
            Stretches.host(compiled),
            VliwMemoryUse.of(machine, programs, runs),
            notes,
            ACCOUNT,
            kernels)
        .notBelowItsBound();
  }

  private static LayerRun layer(
      VliwArchitecture machine,
      Program.LayerInfo info,
      Map<VliwCounter, Long> counters,
      double energy) {
    Map<String, Long> stalls = new LinkedHashMap<>();
    for (VliwCounter each : VliwCounter.values()) {
      if (each.key().startsWith(ISSUE)) {
        stalls.put(each.key(), count(counters, each));
      }
    }
    return new LayerRun(
        info.name(),
        info.macs(),
        count(counters, VliwCounter.CYCLES),
        info.boundCycles(),
        info.boundBy(),
        info.mapping(),
        info.onChip(),
        info.search(),
        info.stripes(),
        count(counters, VliwCounter.READ_BEATS) * machine.dma().widthBytes(),
        count(counters, VliwCounter.WRITE_BEATS) * machine.dma().widthBytes(),
        info.boundBytes(),
        energy,
        stalls);
  }

  private static long count(Map<VliwCounter, Long> counters, VliwCounter counter) {
    return counters.getOrDefault(counter, 0L);
  }
}
