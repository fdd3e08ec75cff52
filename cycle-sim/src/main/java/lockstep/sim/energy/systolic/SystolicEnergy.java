// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.systolic;

import static lockstep.isa.systolic.SystolicCounter.ACCUMULATOR_READS;
import static lockstep.isa.systolic.SystolicCounter.ACCUMULATOR_WRITES;
import static lockstep.isa.systolic.SystolicCounter.ACTIVATION_READS;
import static lockstep.isa.systolic.SystolicCounter.EXECUTE_BUSY;
import static lockstep.isa.systolic.SystolicCounter.OUTPUT_READS;
import static lockstep.isa.systolic.SystolicCounter.PARAMETER_WRITES;
import static lockstep.isa.systolic.SystolicCounter.READ_BEATS;
import static lockstep.isa.systolic.SystolicCounter.RESIDUAL_READS;
import static lockstep.isa.systolic.SystolicCounter.SCRATCHPAD_STORES;
import static lockstep.isa.systolic.SystolicCounter.SCRATCHPAD_WRITES;
import static lockstep.isa.systolic.SystolicCounter.WEIGHT_READS;
import static lockstep.isa.systolic.SystolicCounter.WRITE_BEATS;

import java.util.EnumMap;
import java.util.Map;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.technology.Figure;
import lockstep.arch.technology.SramTable;
import lockstep.arch.technology.Technology;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.sim.energy.Energy;
import lockstep.sim.energy.EnergyTally;

/**
 * The energy of runs of one systolic machine: what its counters counted, and what its program says,
 * times the figures of its technology table. {@code docs/energy.md} lists the actions.
 *
 * <p>A multiply-accumulate that a layer needs costs one; a cell that the layer leaves idle costs
 * only its registers, which are clocked by every row that enters the array.
 */
public final class SystolicEnergy {
  private final SystolicArchitecture machine;
  private final Technology technology;
  private final SystolicParts parts;

  private SystolicEnergy(SystolicArchitecture machine, Technology technology) {
    this.machine = machine;
    this.technology = technology;
    this.parts = new SystolicParts(machine, technology.sram());
  }

  /**
   * The model of a machine under its own technology.
   *
   * @throws lockstep.arch.UserError if there is no such technology, or no figure for its memory
   */
  public static SystolicEnergy of(SystolicArchitecture machine) {
    Technology technology = Technology.load(machine.technology());
    technology.dram(machine.memory().type());
    return new SystolicEnergy(machine, technology);
  }

  /** The energy of a run, from its counters by key. */
  public Energy account(Map<String, Long> counters, SystolicWork work) {
    Map<SystolicCounter, Long> typed = new EnumMap<>(SystolicCounter.class);
    for (SystolicCounter c : SystolicCounter.values()) {
      typed.put(c, counters.getOrDefault(c.key(), 0L));
    }
    return accountLayer(typed, work);
  }

  /**
   * The energy of a layer, or of any part of a run, from its counters. The energies of a run's
   * layers add up to the run's: its cycles are taken as the sum of the execute unit's account.
   */
  public Energy accountLayer(Map<SystolicCounter, Long> counters, SystolicWork work) {
    return new Count(counters, work).energy();
  }

  private final class Count {
    private final Map<SystolicCounter, Long> counters;
    private final SystolicWork work;
    private final EnergyTally tally = new EnergyTally(technology);

    Count(Map<SystolicCounter, Long> counters, SystolicWork work) {
      this.counters = counters;
      this.work = work;
    }

    Energy energy() {
      array();
      memories();
      postProcessing();
      Figure bit = technology.energy("register_bit");
      tally.add(
          "instructions.registers",
          work.instructionBits(),
          "bits written to the fetch buffer, in expansion and to a unit's queue",
          bit);
      offChip(bit);
      long cycles = executeCycles();
      double microseconds = cycles / machine.clockMhz();
      leakage(microseconds);
      return tally.energy(cycles, microseconds);
    }

    private void array() {
      tally.add("array.macs", work.macs(), "multiply-accumulates needed", technology.energy("mac"));
      double streaming =
          (double) parts.cells() * SystolicParts.STREAMING_BITS + parts.triangleBits();
      double weights = (double) parts.cells() * SystolicParts.WEIGHT_BITS;
      tally.add(
          "array.registers",
          count(EXECUTE_BUSY) * streaming + count(WEIGHT_READS) * weights,
          "register bits clocked by rows that enter",
          technology.energy("register_bit"));
    }

    private void memories() {
      SramTable.Bank scratchpad = parts.scratchpad();
      tally.memory(
          "scratchpad.reads",
          count(ACTIVATION_READS) + count(WEIGHT_READS) + count(RESIDUAL_READS),
          "rows read",
          scratchpad.readPj());
      tally.memory(
          "scratchpad.writes",
          count(SCRATCHPAD_WRITES),
          "pieces written",
          parts.pieceWritePj(scratchpad, machine.scratchpad().widthBytes()));
      tally.memory(
          "scratchpad.stores",
          count(SCRATCHPAD_STORES),
          "chunks written",
          parts.chunkWritePj(scratchpad, machine.scratchpad().widthBytes()));
      SramTable.Bank accumulator = parts.accumulator();
      tally.memory(
          "accumulator.reads",
          count(ACCUMULATOR_READS) + count(OUTPUT_READS),
          "rows read",
          accumulator.readPj());
      tally.memory(
          "accumulator.writes", count(ACCUMULATOR_WRITES), "rows written", accumulator.writePj());
      SramTable.Bank parameters = parts.parameters();
      tally.memory("parameters.reads", work.stores(), "rows read", parameters.readPj());
      tally.memory(
          "parameters.writes",
          count(PARAMETER_WRITES),
          "pieces written",
          parts.pieceWritePj(parameters, parts.parameterWidth()));
    }

    private void postProcessing() {
      tally.add(
          "post.requantise",
          work.elements(),
          "elements requantised",
          technology.energy("requantise"));
      tally.add(
          "post.residual", work.residuals(), "residuals added", technology.energy("residual"));
      tally.add("post.leak", work.leaks(), "slopes applied", technology.energy("leak"));
      tally.add("post.maximum", work.maxima(), "pooling comparisons", technology.energy("maximum"));
    }

    private void offChip(Figure bit) {
      SramTable.Bank buffer = parts.readBuffer();
      tally.memory(
          "port.read_buffer",
          count(READ_BEATS),
          "beats written and read",
          buffer.writePj() + buffer.readPj());
      double beatBits = 8.0 * machine.dma().widthBytes();
      tally.add("port.write_fifo", count(WRITE_BEATS) * beatBits, "bits written", bit);
      Figure dram = technology.dram(machine.memory().type());
      String type = machine.memory().type();
      tally.add("dram.reads", count(READ_BEATS) * beatBits, "bits read, " + type, dram);
      tally.add("dram.writes", count(WRITE_BEATS) * beatBits, "bits written, " + type, dram);
    }

    private void leakage(double microseconds) {
      tally.leakage(
          "leakage.scratchpad", machine.scratchpad().banks(), parts.scratchpad(), microseconds);
      tally.leakage(
          "leakage.accumulator", machine.accumulator().banks(), parts.accumulator(), microseconds);
      tally.leakage("leakage.parameters", 1, parts.parameters(), microseconds);
      tally.leakage("leakage.read_buffer", 1, parts.readBuffer(), microseconds);
      tally.leakage("leakage.macs", "mac", parts.cells(), microseconds);
      tally.leakage("leakage.registers", "register_bit", parts.registerBits(), microseconds);
      tally.leakage("leakage.post", "lane", parts.lanes(), microseconds);
    }

    private long executeCycles() {
      long cycles = 0;
      for (Map.Entry<SystolicCounter, Long> entry : counters.entrySet()) {
        cycles += entry.getKey().key().startsWith("execute.") ? entry.getValue() : 0;
      }
      return cycles;
    }

    private long count(SystolicCounter counter) {
      return counters.getOrDefault(counter, 0L);
    }
  }
}
