// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.BundleStream;
import lockstep.isa.Format;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.TransferField;
import lockstep.isa.vliw.VliwIsa;
import lockstep.rtl.port.Fetch;
import lockstep.rtl.port.Port;
import lockstep.rtl.verilog.Constants;

/**
 * The numbers that the Verilog of one machine is written with; the units' templates use the
 * constants by name. Formats are named by the slot's kind and the operation: {@code vector_add}.
 */
final class Sizes extends Constants {
  static final String FAMILY = "vliw";

  private static final int LONGEST_RUN_BITS = 20;
  private static final int TABLE_CODES = 256;

  final VliwArchitecture architecture;
  final BundleSet isa;

  Sizes(VliwArchitecture a) {
    super(FAMILY, name -> format(VliwIsa.of(a), name));
    architecture = a;
    isa = VliwIsa.of(a);
    operations();
    bundles();
    registers();
    localMemory();
    matrix();
    transfers();
    int entryBytes = Math.max(BundleStream.ENTRY_BYTES, a.dma().widthBytes() / 4);
    Port.constants(this, a.dma(), a.name());
    Fetch.constants(this, a.dma(), entryBytes, a.fetchDepth());
    int chunks = entryBytes / BundleStream.ENTRY_BYTES;
    constant("CHUNK_BITS", 8L * BundleStream.ENTRY_BYTES);
    constant("CHUNKS", chunks);
    constant("CHUNK_INDEX_BITS", bits(chunks - 1));
  }

  private static Format format(BundleSet isa, String name) {
    int end = name.indexOf('_');
    return isa.slots().stream()
        .filter(slot -> slot.index() == 0 && slot.kind().word().equals(name.substring(0, end)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no slot of format " + name))
        .operations()
        .format(name.substring(end + 1));
  }

  int count(SlotKind kind) {
    return kind.count(architecture);
  }

  private void operations() {
    Set<SlotKind> seen = new HashSet<>();
    for (Slot slot : isa.slots()) {
      if (seen.add(slot.kind())) {
        String kind = slot.kind().name();
        constant(kind + "_OPCODE", slot.operations().opcodeBits());
        constant(kind + "_LATENCY", slot.kind().latency(architecture));
        for (Format format : slot.operations().formats()) {
          constant(kind + "_" + format.mnemonic().toUpperCase(Locale.ROOT), format.opcode());
        }
      }
    }
  }

  private void bundles() {
    int words = isa.bytes() / 4;
    constant("BUNDLE_WORDS", words);
    constant("BUNDLE_BITS", 32L * words);
    constant("HEADERS", BundleStream.headerWords(isa.bytes()));
    constant("BUNDLES", architecture.instructionMemory());
    constant("NUMBER_BITS", bits(architecture.instructionMemory()));
    constant("PLACE_BITS", bits(architecture.instructionMemory() - 1));
    constant("LOOPS", architecture.loopDepth());
    constant("LOOP_BITS", bits(architecture.loopDepth()));
  }

  private void registers() {
    var registers = architecture.registers();
    int scalars = registers.scalar().count();
    int vectors = registers.vector().count();
    int accumulators = registers.accumulator().count();
    constant("SCALARS", scalars);
    constant("SCALAR_BITS", bits(scalars - 1));
    constant("VECTORS", vectors);
    constant("VECTOR_BITS", bits(vectors - 1));
    constant("ACCUMULATORS", accumulators);
    constant("ACCUMULATOR_BITS", bits(accumulators - 1));
    constant("V", registers.vector().widthBytes());
    constant("PLACE_IN_VECTOR_BITS", bits(registers.vector().widthBytes() - 1));
    constant("N", architecture.lanes());
    constant("QUARTERS", VliwIsa.QUARTERS);
    constant("SUM_PARTS", architecture.accumulatorParts());
    constant("SUM_PART_BITS", bits(architecture.accumulatorParts() - 1));
    int tables = architecture.slots().special().tables();
    constant("TABLES", tables);
    constant("TABLE_BITS", bits(tables - 1));
    constant("TABLE_CODES", TABLE_CODES);
    constant("TABLE_PART_BITS", bits(TABLE_CODES / registers.vector().widthBytes() - 1));
  }

  private void localMemory() {
    var local = architecture.localMemory();
    int bankBits = Integer.numberOfTrailingZeros(local.banks());
    int rowBits = bits(local.wordsPerBank() - 1);
    int slots = count(SlotKind.LOAD) + count(SlotKind.STORE);
    int beatWords = architecture.dma().widthBytes() / local.widthBytes();
    constant("WB", local.widthBytes());
    constant("WORD_SHIFT", Integer.numberOfTrailingZeros(local.widthBytes()));
    constant("BANKS", local.banks());
    constant("BANK_SHIFT", bankBits);
    constant("BANK_BITS", Math.max(1, bankBits));
    constant("E", local.ports());
    constant("WORDS_PER_BANK", local.wordsPerBank());
    constant("ROW_BITS", rowBits);
    constant("S", (long) rowBits + bankBits);
    constant("P", architecture.pieces());
    constant("P_BITS", bits(architecture.pieces()));
    constant("PATTERNS", VliwIsa.PATTERNS);
    constant("LOADS", count(SlotKind.LOAD));
    constant("STORES", count(SlotKind.STORE));
    constant("MEMORY_SLOTS", slots);
    constant("LOAD_PIECES", (long) count(SlotKind.LOAD) * architecture.pieces());
    constant("PIECES", (long) slots * architecture.pieces());
    constant("BEAT_WORDS", beatWords);
    constant("BEAT_WORD_BITS", bits(beatWords - 1));
    constant("BEAT_COUNT_BITS", bits(beatWords));
    constant(
        "RUN_WORD_BITS", LONGEST_RUN_BITS + 1L - Integer.numberOfTrailingZeros(local.widthBytes()));
  }

  private void matrix() {
    var matrix = architecture.slots().matrix();
    constant("MATRICES", matrix.count());
    constant("M_ROWS", matrix.rows());
    constant("M_COLS", matrix.cols());
    constant("M_DEPTH", matrix.depth());
    constant("SUMS", (long) matrix.rows() * matrix.cols());
    constant("SUM_BITS", 16L + bits(matrix.depth() - 1));
    constant("LEFT", architecture.leftVectors());
    constant("RIGHT", architecture.rightVectors());
  }

  private void transfers() {
    for (TransferField field : TransferField.values()) {
      constant("TRANSFER_" + field.name(), field.ordinal());
    }
    constant("FIELDS", TransferField.values().length);
    constant("FIELD_BITS", bits(TransferField.values().length - 1));
    constant("Q", architecture.transferDepth());
    constant("Q_BITS", bits(architecture.transferDepth()));
    constant("RUN_BYTE_BITS", LONGEST_RUN_BITS + 1L);
    constant("D", Descriptor.bits(value("S"), value("RUN_WORD_BITS")));
  }
}
