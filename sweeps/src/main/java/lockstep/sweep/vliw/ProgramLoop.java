// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.VliwIsa;

/**
 * A loop of a program.
 *
 * @param first bundle of the body, behind the one that opens it
 * @param last bundle of the body
 * @param rounds in one visit
 * @param depth loops around it
 */
record ProgramLoop(int first, int last, long rounds, int depth) {

  /** Bundles of the body. */
  int bundles() {
    return last - first + 1;
  }

  /** The loops of a program, in the order of their bundles. */
  static List<ProgramLoop> of(VliwArchitecture machine, Program program) {
    BundleSet isa = VliwIsa.of(machine);
    BundleSet.Slot control =
        isa.slots().stream().filter(s -> s.kind() == SlotKind.SCALAR).findFirst().orElseThrow();
    byte[] words = ProgramFile.words(program);
    var loops = new ArrayList<ProgramLoop>();
    Deque<ProgramLoop> open = new ArrayDeque<>();
    for (int i = 0; i < program.instructionCount(); i++) {
      while (!open.isEmpty() && open.peek().last() < i) {
        open.pop();
      }
      var operation = control.operations().decode(words, i * isa.bytes() + control.offset());
      if (operation.format().mnemonic().equals("loop")) {
        int last = i + (int) operation.get("bundles");
        var loop = new ProgramLoop(i + 1, last, operation.get("count"), open.size());
        loops.add(loop);
        open.push(loop);
      }
    }
    return List.copyOf(loops);
  }
}
