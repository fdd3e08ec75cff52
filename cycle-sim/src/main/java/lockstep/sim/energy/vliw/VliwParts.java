// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.vliw;

import lockstep.arch.technology.SramTable;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.arch.vliw.VliwArchitecture.Unit;
import lockstep.isa.vliw.VliwIsa;

/**
 * What a VLIW machine is made of, as far as the technology tables price it: memories, registers in
 * bits, multiplexers in bits of two ways.
 *
 * <pre>
 *   register file   a bit for each bit; a read port chooses among all registers, so count - 1
 *                   multiplexers for each of its bits; a write port is one more way into every bit
 *   slot            results on their way: latency - 1 stages of them
 *   permute slot    for each code a choice among V
 *   special slot    V copies of the tables, one for each code; for each lane the two tables of
 *                   reciprocals, 257 entries of 18 bits, and an interpolator
 *   instructions    fetch buffer, the bundle in expansion and the one that issues
 *   port            a beat in, two bursts out; descriptors of the next and of waiting transfers
 * </pre>
 */
record VliwParts(VliwArchitecture machine, SramTable sram) {
  private static final int TABLE_CODES = 256;
  private static final int INVERSE_TABLES = 2;
  private static final int INVERSE_ENTRIES = 257;
  private static final int INVERSE_BITS = 18;
  private static final int DESCRIPTOR_BITS = 13 * 32;

  /** One register file. */
  record File(String name, int count, long bits, int readPorts, int writePorts) {
    long storageBits() {
      return count * bits;
    }

    /** Multiplexers that a read port goes through, for each of its bits. */
    int readMultiplexers() {
      return count - 1;
    }

    long multiplexers() {
      return bits * ((long) readPorts * readMultiplexers() + (long) writePorts * count);
    }
  }

  long vectorBits() {
    return 8L * machine.registers().vector().widthBytes();
  }

  int codes() {
    return machine.registers().vector().widthBytes();
  }

  long sumBits() {
    return machine.accumulatorParts() * vectorBits();
  }

  File scalars() {
    var file = machine.registers().scalar();
    return new File(
        "scalar_file",
        file.count(),
        VliwArchitecture.WORD_BITS,
        file.readPorts(),
        file.writePorts());
  }

  File vectors() {
    var file = machine.registers().vector();
    return new File("vector_file", file.count(), vectorBits(), file.readPorts(), file.writePorts());
  }

  File accumulators() {
    var file = machine.registers().accumulator();
    return new File(
        "accumulator_file", file.count(), sumBits(), file.readPorts(), file.writePorts());
  }

  long macs() {
    return (long) machine.slots().matrix().count() * machine.slots().matrix().macs();
  }

  long vectorLanes() {
    return (long) machine.slots().vector().count() * machine.lanes();
  }

  /** Copies of the tables of codes. */
  long tableCopies() {
    return (long) machine.slots().special().count() * codes();
  }

  long specialLanes() {
    return (long) machine.slots().special().count() * machine.lanes();
  }

  /** Multiplexers of one permute slot, each for one bit. */
  long permuteMultiplexers() {
    return vectorBits() * (codes() - 1);
  }

  /** Bits of results on their way, of all slots. */
  long slotBits() {
    var slots = machine.slots();
    long bits = stages(slots.scalar(), VliwArchitecture.WORD_BITS);
    bits += stages(slots.load(), vectorBits());
    bits += stages(slots.vector(), vectorBits());
    bits += stages(slots.permute(), vectorBits());
    bits += stages(new Unit(slots.special().count(), slots.special().latency()), vectorBits());
    return bits + stages(new Unit(slots.matrix().count(), slots.matrix().latency()), sumBits());
  }

  private static long stages(Unit slots, long bits) {
    return slots.count() * (slots.latency() - 1L) * bits;
  }

  int bundleBytes() {
    return VliwIsa.of(machine).bytes();
  }

  long instructionBits() {
    long entryBytes = Math.max(16, machine.dma().widthBytes() / 4);
    return 8 * (machine.fetchDepth() * entryBytes + 2L * bundleBytes());
  }

  /** Bits of the beat that arrives and of the beats that wait to leave. */
  long portBits() {
    return 8L * (machine.dma().widthBytes() + 2L * machine.dma().burstBytes());
  }

  long descriptorBits() {
    return (1L + 2L * machine.transferDepth()) * DESCRIPTOR_BITS;
  }

  long registerBits() {
    return scalars().storageBits()
        + vectors().storageBits()
        + accumulators().storageBits()
        + slotBits()
        + instructionBits()
        + portBits()
        + descriptorBits();
  }

  /** A bank of local memory: its own ports, and one each of the DMA engine's two directions. */
  SramTable.Bank local() {
    var local = machine.localMemory();
    long bytes = (long) local.wordsPerBank() * local.widthBytes();
    return sram.bank(bytes, 8 * local.widthBytes(), local.ports());
  }

  SramTable.Bank instructions() {
    long bytes = (long) machine.instructionMemory() * bundleBytes();
    return sram.bank(bytes, 8 * bundleBytes());
  }

  /** One code's copy of the tables. */
  SramTable.Bank tables() {
    return sram.bank((long) machine.slots().special().tables() * TABLE_CODES, 8);
  }

  /** One lane's tables of reciprocals, which gives an entry and the next. */
  SramTable.Bank inverseTables() {
    long bits = (long) INVERSE_TABLES * INVERSE_ENTRIES * INVERSE_BITS;
    return sram.bank(bits / 8, 2 * INVERSE_BITS);
  }
}
