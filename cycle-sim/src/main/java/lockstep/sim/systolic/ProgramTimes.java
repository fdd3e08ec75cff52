// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import java.util.Arrays;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.Expanded;
import lockstep.isa.InstructionSet;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Halt;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicInstruction.Store;

/** The decoded program and, as the run goes on, the cycles of each instruction. */
final class ProgramTimes {
  /** Where an instruction goes. */
  enum Unit {
    LOAD,
    EXECUTE,
    STORE,
    NONE
  }

  final SystolicInstruction[] instructions;

  /** For each instruction the bytes of the stream up to its last one. */
  final int[] ends;

  final Unit[] unit;
  final int[] layer;
  final long[] dispatch;
  final long[] accept;
  final long[] retire;
  private int retired;
  private long lastRetire = -1;

  ProgramTimes(Program program, InstructionSet isa) {
    int n = program.instructionCount();
    Expanded code = ProgramFile.expanded(program);
    ends = code.ends();
    instructions = new SystolicInstruction[n];
    unit = new Unit[n];
    for (int i = 0; i < n; i++) {
      instructions[i] = SystolicInstruction.decode(isa, code.words(), i * isa.wordBytes());
      unit[i] = unitOf(instructions[i]);
    }
    layer = program.layerOf();
    dispatch = new long[n];
    accept = new long[n];
    retire = new long[n];
  }

  void retire(int instruction, long t) {
    retire[instruction] = t;
    retired++;
    lastRetire = Math.max(lastRetire, t);
  }

  /** Whether all but HALT have retired. */
  boolean allRetired() {
    return retired == instructions.length - 1;
  }

  long lastRetire() {
    return lastRetire;
  }

  int[] instructionsOf(Unit wanted) {
    int[] found = new int[unit.length];
    int count = 0;
    for (int i = 0; i < unit.length; i++) {
      if (unit[i] == wanted) {
        found[count++] = i;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static Unit unitOf(SystolicInstruction instruction) {
    return switch (instruction) {
      case Load load -> Unit.LOAD;
      case Execute execute -> Unit.EXECUTE;
      case Store store -> Unit.STORE;
      case Halt halt -> Unit.NONE;
    };
  }
}
