// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.vliw;

import static lockstep.isa.vliw.VliwCounter.BUNDLES;
import static lockstep.isa.vliw.VliwCounter.CYCLES;
import static lockstep.isa.vliw.VliwCounter.LOAD_OPERATIONS;
import static lockstep.isa.vliw.VliwCounter.LOCAL_READS;
import static lockstep.isa.vliw.VliwCounter.LOCAL_WRITES;
import static lockstep.isa.vliw.VliwCounter.MATRIX_OPERATIONS;
import static lockstep.isa.vliw.VliwCounter.PERMUTE_OPERATIONS;
import static lockstep.isa.vliw.VliwCounter.READ_BEATS;
import static lockstep.isa.vliw.VliwCounter.STORE_OPERATIONS;
import static lockstep.isa.vliw.VliwCounter.WRITE_BEATS;

import java.util.Map;
import java.util.stream.Stream;
import lockstep.arch.technology.Figure;
import lockstep.arch.technology.SramTable;
import lockstep.arch.technology.Technology;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.VliwCounter;
import lockstep.sim.energy.Energy;
import lockstep.sim.energy.EnergyTally;

/**
 * The energy of runs of one VLIW machine: what its counters counted, and what its program says,
 * times the figures of its technology table. {@code docs/energy.md} lists the actions.
 *
 * <p>A multiply-accumulate that a layer needs costs one; those that the layer leaves idle cost only
 * the registers of the sums, which every multiplication clocks.
 */
public final class VliwEnergy {
  private final VliwArchitecture machine;
  private final Technology technology;
  private final VliwParts parts;

  private VliwEnergy(VliwArchitecture machine, Technology technology) {
    this.machine = machine;
    this.technology = technology;
    this.parts = new VliwParts(machine, technology.sram());
  }

  /**
   * The model of a machine under its own technology.
   *
   * @throws lockstep.arch.UserError if there is no such technology, or no figure for its memory
   */
  public static VliwEnergy of(VliwArchitecture machine) {
    Technology technology = Technology.load(machine.technology());
    technology.dram(machine.memory().type());
    return new VliwEnergy(machine, technology);
  }

  /**
   * The energy of a layer, or of any part of a run, from its counters. The energies of a run's
   * layers add up to the run's.
   */
  public Energy account(Map<VliwCounter, Long> counters, VliwWork work) {
    return new Count(counters, work).energy();
  }

  private final class Count {
    private final Map<VliwCounter, Long> counters;
    private final VliwWork work;
    private final EnergyTally tally = new EnergyTally(technology);
    private final Figure bit = technology.energy("register_bit");

    Count(Map<VliwCounter, Long> counters, VliwWork work) {
      this.counters = counters;
      this.work = work;
    }

    Energy energy() {
      units();
      special();
      registers();
      memories();
      instructions();
      offChip();
      long cycles = count(CYCLES);
      double microseconds = cycles / machine.clockMhz();
      leakage(microseconds);
      return tally.energy(cycles, microseconds);
    }

    private void units() {
      long possible = count(MATRIX_OPERATIONS) * machine.slots().matrix().macs();
      tally.add(
          "matrix.macs", Math.min(work.macs(), possible), "multiply-accumulates needed", "mac");
      lanes("vector.requantise", "sums requantised", "requantise", "requantise");
      lanes("vector.scale", "sums scaled", "scale", "scale");
      lanes("vector.narrow", "sums narrowed", "narrow", "narrow");
      lanes("vector.add", "sums added or subtracted", "int32_add", "add", "sub");
      lanes("vector.multiply", "sums multiplied", "int32_multiply", "mul");
      tally.add(
          "vector.compare",
          (double) (vector("min") + vector("max") + vector("compare")) * machine.lanes()
              + (double) vector("greater") * parts.codes(),
          "sums or codes compared",
          "compare");
      tally.add(
          "vector.select",
          (double) vector("select") * parts.vectorBits(),
          "bits through two-way multiplexers",
          "mux_bit");
      tally.add(
          "permute.network",
          (double) count(PERMUTE_OPERATIONS) * parts.permuteMultiplexers(),
          "bits through two-way multiplexers",
          "mux_bit");
      long additions =
          Stream.of("add", "addi", "sub").mapToLong(each -> work.count("scalar." + each)).sum();
      tally.add("scalar.add", additions, "additions", "int32_add");
      tally.add("scalar.multiply", work.count("scalar.mul"), "products", "int32_multiply");
      tally.add(
          "addresses.add",
          (double) (count(LOAD_OPERATIONS) + count(STORE_OPERATIONS)) * (machine.pieces() + 1),
          "additions: a base and pieces",
          "int32_add");
    }

    private void lanes(String name, String action, String figure, String... operations) {
      long count = Stream.of(operations).mapToLong(this::vector).sum();
      tally.add(name, (double) count * machine.lanes(), action, figure);
    }

    private long vector(String operation) {
      return work.count("vector." + operation);
    }

    private void special() {
      if (machine.slots().special().count() == 0) {
        return;
      }
      SramTable.Bank tables = parts.tables();
      tally.memory(
          "special.lookups",
          (double) work.count("special.lookup") * parts.codes(),
          "codes looked up",
          tables.readPj());
      tally.memory(
          "special.fills",
          (double) work.count("special.fill") * parts.tableCopies() * parts.codes(),
          "codes written to a copy",
          tables.writePj());
      double inverses =
          (double) (work.count("special.reciprocal") + work.count("special.root"))
              * machine.lanes();
      tally.memory(
          "special.inverse_tables", inverses, "entries read", parts.inverseTables().readPj());
      tally.add("special.interpolate", inverses, "entries interpolated", "interpolate");
    }

    private void registers() {
      double onTheirWay = 0;
      for (SlotKind kind : SlotKind.values()) {
        long bits =
            switch (kind) {
              case SCALAR -> VliwArchitecture.WORD_BITS;
              case LOAD, VECTOR, SPECIAL, PERMUTE -> parts.vectorBits();
              case MATRIX -> parts.sumBits();
              case STORE, DMA -> 0;
            };
        long stages = kind.latency(machine) - 1L;
        onTheirWay += (double) count(VliwCounter.operations(kind)) * stages * bits;
      }
      tally.add("slots.registers", onTheirWay, "bits of results on their way", bit);
      var traffic = work.registers();
      file(parts.scalars(), traffic.scalarRead(), traffic.scalarWritten());
      file(parts.vectors(), traffic.vectorRead(), traffic.vectorWritten());
      file(parts.accumulators(), traffic.accumulatorRead(), traffic.accumulatorWritten());
    }

    private void file(VliwParts.File file, long read, long written) {
      tally.add(
          file.name() + ".reads",
          read,
          "bits read, each through %d multiplexers".formatted(file.readMultiplexers()),
          technology.energy("mux_bit"),
          file.readMultiplexers());
      tally.add(file.name() + ".writes", written, "bits written", bit);
    }

    private void memories() {
      SramTable.Bank local = parts.local();
      double word = machine.localMemory().widthBytes();
      tally.memory("local.reads", count(LOCAL_READS), "words read by slots", local.readPj());
      tally.memory("local.writes", count(LOCAL_WRITES), "words written by slots", local.writePj());
      tally.memory(
          "local.transfers_in",
          work.bytesIn() / word,
          "words written by transfers",
          local.writePj());
      tally.memory(
          "local.transfers_out", work.bytesOut() / word, "words read by transfers", local.readPj());
    }

    private void instructions() {
      SramTable.Bank memory = parts.instructions();
      tally.memory("instructions.reads", count(BUNDLES), "bundles issued", memory.readPj());
      tally.memory("instructions.writes", work.bundles(), "bundles expanded", memory.writePj());
      tally.add(
          "instructions.registers",
          8.0 * (work.streamBytes() + (work.bundles() + count(BUNDLES)) * parts.bundleBytes()),
          "bits written to the fetch buffer, in expansion and at issue",
          bit);
    }

    private void offChip() {
      double beatBits = 8.0 * machine.dma().widthBytes();
      tally.add(
          "port.registers",
          (count(READ_BEATS) + count(WRITE_BEATS)) * beatBits,
          "bits of beats written",
          bit);
      String type = machine.memory().type();
      Figure dram = technology.dram(type);
      tally.add("dram.reads", count(READ_BEATS) * beatBits, "bits read, " + type, dram);
      tally.add("dram.writes", count(WRITE_BEATS) * beatBits, "bits written, " + type, dram);
    }

    private void leakage(double microseconds) {
      tally.leakage("leakage.local", machine.localMemory().banks(), parts.local(), microseconds);
      tally.leakage("leakage.instructions", 1, parts.instructions(), microseconds);
      if (machine.slots().special().count() > 0) {
        tally.leakage("leakage.tables", parts.tableCopies(), parts.tables(), microseconds);
        tally.leakage(
            "leakage.inverse_tables", parts.specialLanes(), parts.inverseTables(), microseconds);
        tally.leakage("leakage.interpolators", "interpolator", parts.specialLanes(), microseconds);
      }
      tally.leakage("leakage.macs", "mac", parts.macs(), microseconds);
      tally.leakage("leakage.vector", "vector_lane", parts.vectorLanes(), microseconds);
      tally.leakage("leakage.registers", "register_bit", parts.registerBits(), microseconds);
    }

    private long count(VliwCounter counter) {
      return counters.getOrDefault(counter, 0L);
    }
  }
}
