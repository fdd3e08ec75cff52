// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.energy.systolic.SystolicEnergy;
import lockstep.sim.energy.systolic.SystolicWork;
import lockstep.sim.systolic.SystolicRun;
import lockstep.sweep.run.Account;
import lockstep.sweep.run.EnergyParts;
import lockstep.sweep.run.LayerRun;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Stretches;
import lockstep.sweep.run.Workload;

/** Puts the simulated stretches of a model together: layers, stalls, energy, memory. */
final class SystolicModelRun {
  private static final List<String> UNITS = List.of("dispatch.", "load.", "execute.", "store.");
  private static final Account ACCOUNT =
      new Account(
          "array",
          "execute",
          "execute.busy",
          Map.of(
              "execute.busy", "computing",
              "execute.short_tile", "tile too short",
              "execute.weights", "waiting for weights in the array",
              "execute.token_load", "waiting for loads",
              "execute.token_store", "waiting for stores",
              "execute.start", "starting",
              "execute.idle", "no instruction"));

  private SystolicModelRun() {}

  /**
   * The run of a model.
   *
   * @param memory the most that each memory held
   * @param notes what a reader should know besides the notes of the model
   * @throws IllegalStateException when a run is quicker than its lower bound allows, which is a
   *     fault of the simulator
   */
  static ModelRun of(
      SystolicArchitecture machine,
      Workload workload,
      CompiledModel compiled,
      List<SystolicRun> runs,
      List<ModelRun.MemoryUse> memory,
      List<String> notes) {
    var isa = SystolicIsa.of(machine);
    var energyModel = SystolicEnergy.of(machine);
    var programs = compiled.programs();
    var layers = new ArrayList<LayerRun>();
    Map<String, Long> counters = new LinkedHashMap<>();
    var energy = new EnergyParts();
    long cycles = 0;
    for (int i = 0; i < programs.size(); i++) {
      var run = runs.get(i);
      cycles += run.result().cycles();
      run.result().counters().forEach((key, value) -> counters.merge(key, value, Long::sum));
      var work = SystolicWork.layers(programs.get(i), isa);
      for (int layer = 0; layer < work.size(); layer++) {
        var account = energyModel.accountLayer(run.layers().get(layer), work.get(layer));
        energy.add(account);
        layers.add(layer(machine, programs.get(i), run, layer, account.picojoules()));
      }
    }
    return new ModelRun(
            workload.name(),
            cycles,
            machine.clockMhz(),
            layers.stream().mapToLong(LayerRun::macs).sum(),
            (long) machine.array().rows() * machine.array().cols(),
            Math.min(machine.memory().bytesPerCycle(), machine.dma().widthBytes()),
            bytes(machine, counters, SystolicCounter.READ_BEATS),
            bytes(machine, counters, SystolicCounter.WRITE_BEATS),
            Stretches.instructionBytes(compiled),
            List.copyOf(layers),
            counters,
            energy.list(),
            Stretches.host(compiled),
            memory,
            Stream.concat(workload.model().notes().stream(), notes.stream()).toList(),
            ACCOUNT,
            List.of())
        .notBelowItsBound();
  }

  private static LayerRun layer(
      SystolicArchitecture machine, Program program, SystolicRun run, int layer, double energy) {
    Program.LayerInfo info = program.layers().get(layer);
    Map<String, Long> stalls = new LinkedHashMap<>();
    Map<SystolicCounter, Long> counters = run.layers().get(layer);
    for (SystolicCounter each : SystolicCounter.values()) {
      if (UNITS.stream().anyMatch(each.key()::startsWith)) {
        stalls.put(each.key(), counters.getOrDefault(each, 0L));
      }
    }
    long readBeats = counters.getOrDefault(SystolicCounter.READ_BEATS, 0L);
    long writeBeats = counters.getOrDefault(SystolicCounter.WRITE_BEATS, 0L);
    return new LayerRun(
        info.name(),
        info.macs(),
        run.layerCycles(layer),
        info.boundCycles(),
        info.boundBy(),
        info.mapping(),
        info.onChip(),
        info.search(),
        info.stripes(),
        readBeats * machine.dma().widthBytes(),
        writeBeats * machine.dma().widthBytes(),
        info.boundBytes(),
        energy,
        stalls);
  }

  private static long bytes(
      SystolicArchitecture machine, Map<String, Long> counters, SystolicCounter beats) {
    return counters.getOrDefault(beats.key(), 0L) * machine.dma().widthBytes();
  }
}
