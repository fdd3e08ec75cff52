// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.VliwIsa;

/**
 * What a bundle does each time that it issues.
 *
 * @param operations how many there are of each, by {@code kind.mnemonic}; nops are none
 * @param registers that it reads and writes, then or in later steps; a vector slot reads the part
 *     of an accumulator register that it names, a result in a quarter writes a quarter
 * @param streamBytes that it takes in the program's stream
 */
public record BundleWork(
    Map<String, Integer> operations, RegisterTraffic registers, int streamBytes) {
  private static final int QUARTERS = 4;

  /**
   * The bundles of a program.
   *
   * @throws lockstep.arch.UserError if its stream ends before them
   * @throws BundleFault if one breaks a rule that the program keeps
   */
  public static List<BundleWork> of(VliwArchitecture machine, Program program) {
    BundleSet isa = VliwIsa.of(machine);
    BundleDecoder decoder = new BundleDecoder(machine, isa);
    var code = ProgramFile.expanded(program);
    List<BundleWork> works = new ArrayList<>();
    for (int i = 0; i < program.instructionCount(); i++) {
      int offset = i * isa.bytes();
      Bundle bundle = decoder.decode(i, code.words(), offset);
      works.add(
          new BundleWork(
              operations(isa, code.words(), offset),
              registers(machine, bundle),
              code.ends()[i] - (i == 0 ? 0 : code.ends()[i - 1])));
    }
    return List.copyOf(works);
  }

  private static Map<String, Integer> operations(BundleSet isa, byte[] words, int offset) {
    Map<String, Integer> operations = new LinkedHashMap<>();
    for (Slot slot : isa.slots()) {
      var format = slot.operations().decode(words, offset + slot.offset()).format();
      if (format.opcode() != BundleSet.NOTHING) {
        operations.merge(slot.kind().word() + "." + format.mnemonic(), 1, Integer::sum);
      }
    }
    return operations;
  }

  private static RegisterTraffic registers(VliwArchitecture machine, Bundle bundle) {
    long vectorBits = 8L * machine.registers().vector().widthBytes();
    long accumulatorBits = machine.accumulatorParts() * vectorBits;
    long[] written = new long[RegisterFile.values().length];
    for (Bundle.Write write : bundle.writes()) {
      long width =
          switch (write.file()) {
            case SCALAR -> VliwArchitecture.WORD_BITS;
            case VECTOR -> vectorBits * Integer.bitCount(write.quarters()) / QUARTERS;
            case ACCUMULATOR -> accumulatorBits;
          };
      written[write.file().ordinal()] += width;
    }
    return new RegisterTraffic(
        (long) bundle.registerReads(RegisterFile.SCALAR) * VliwArchitecture.WORD_BITS,
        written[RegisterFile.SCALAR.ordinal()],
        bundle.registerReads(RegisterFile.VECTOR) * vectorBits,
        written[RegisterFile.VECTOR.ordinal()],
        bundle.accumulatorReads() * vectorBits + bundle.lateReads() * accumulatorBits,
        written[RegisterFile.ACCUMULATOR.ordinal()]);
  }
}
