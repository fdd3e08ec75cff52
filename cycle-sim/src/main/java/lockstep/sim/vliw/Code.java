// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.Expanded;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.vliw.Bundle.Loop;
import lockstep.sim.vliw.ValueOperation.Fill;
import org.jspecify.annotations.Nullable;

/**
 * A program's bundles, decoded, and checked for what can be seen without running them: as there are
 * no jumps, every one of them runs.
 *
 * @param ends for each bundle the bytes of the stream up to its last one
 * @param shapes of the loops, at the bundles that open them
 */
record Code(Bundle[] bundles, int[] ends, @Nullable LoopShape[] shapes) {

  /**
   * Decodes the bundles of {@code program}.
   *
   * @throws lockstep.arch.UserError if the stream ends before them
   * @throws BundleFault if one breaks a rule that the program keeps
   */
  static Code of(VliwArchitecture machine, Program program) {
    BundleSet isa = VliwIsa.of(machine);
    Expanded expanded = ProgramFile.expanded(program);
    BundleDecoder decoder = new BundleDecoder(machine, isa);
    Bundle[] bundles = new Bundle[program.instructionCount()];
    // loops that are written out repeat the same bundles
    Map<ByteBuffer, Bundle> decoded = new HashMap<>();
    for (int i = 0; i < bundles.length; i++) {
      ByteBuffer bytes = ByteBuffer.wrap(expanded.words(), i * isa.bytes(), isa.bytes());
      Bundle known = decoded.get(bytes);
      if (known == null || known.loop() != null) {
        bundles[i] = decoder.decode(i, expanded.words(), i * isa.bytes());
        fills(bundles[i]);
        decoded.put(bytes, bundles[i]);
      } else {
        bundles[i] = known.numbered(i);
      }
    }
    loops(machine, bundles);
    LoopShape[] shapes = new LoopShape[bundles.length];
    for (Bundle bundle : bundles) {
      Loop loop = bundle.loop();
      if (loop != null) {
        shapes[bundle.number()] = LoopShape.of(bundles, bundle.number(), loop);
      }
    }
    return new Code(bundles, expanded.ends(), shapes);
  }

  private static void fills(Bundle bundle) {
    Set<Integer> filled = new HashSet<>();
    for (ValueOperation value : bundle.values()) {
      if (value instanceof Fill fill && !filled.add(fill.table() << 8 | fill.part())) {
        throw new BundleFault(
            bundle.number(),
            "fills part %d of table %d twice".formatted(fill.part(), fill.table()));
      }
    }
  }

  private static void loops(VliwArchitecture machine, Bundle[] bundles) {
    Deque<Loop> open = new ArrayDeque<>();
    for (Bundle bundle : bundles) {
      int i = bundle.number();
      if (bundle.halt() != (i == bundles.length - 1)) {
        throw new BundleFault(i, "only the last bundle has halt, and it has");
      }
      if (bundle.halt()) {
        halt(bundle);
      }
      if (bundle.loop() != null) {
        open(machine, bundles.length, bundle, bundle.loop(), open);
      } else if (!open.isEmpty() && open.peek().last() == i) {
        open.pop();
      }
    }
  }

  private static void halt(Bundle bundle) {
    if (bundle.accesses().length > 0 || bundle.dma() instanceof Bundle.Dma.Start) {
      throw new BundleFault(
          bundle.number(), "has a load, a store or a start of a transfer beside halt");
    }
  }

  private static void open(
      VliwArchitecture machine, int bundles, Bundle bundle, Loop loop, Deque<Loop> open) {
    int i = bundle.number();
    if (!open.isEmpty() && loop.last() >= open.peek().last()) {
      throw new BundleFault(
          i,
          "its loop does not end before the loop around it, which ends in bundle %d"
              .formatted(open.peek().last()));
    }
    if (loop.last() >= bundles - 1) {
      throw new BundleFault(i, "its loop does not end before the bundle with halt");
    }
    if (open.isEmpty() && loop.last() - i > machine.instructionMemory()) {
      throw new BundleFault(
          i,
          "the %d bundles of its loop do not fit an instruction memory of %d"
              .formatted(loop.last() - i, machine.instructionMemory()));
    }
    open.push(loop);
    if (open.size() > machine.loopDepth()) {
      throw new BundleFault(
          i, "%d loops are open; the machine keeps %d".formatted(open.size(), machine.loopDepth()));
    }
  }
}
