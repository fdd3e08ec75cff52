// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.Arrays;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.vliw.Bundle.Access;
import lockstep.sim.vliw.Bundle.Pattern;

/**
 * The words of local memory that a step's loads and stores name, and the cycles in which its banks
 * serve them.
 *
 * <pre>
 * piece i of an access at byte address A: word A / w + (i mod inner) inner_step + (i / inner) outer_step,
 *     modulo the power of two that the words of local memory fill at least to half
 * bank of a word: its number modulo the banks; a bank serves `ports` pieces a cycle
 * </pre>
 */
final class LocalAddresses {
  private final int pieces;
  private final int wordShift;
  private final int words;
  private final int wordMask;
  private final int ports;
  private final int[][] patterns = new int[VliwIsa.PATTERNS][];
  private final int[] served;
  private final int[] named;
  private int count;
  private int lastWord = -1;

  LocalAddresses(VliwArchitecture machine) {
    var local = machine.localMemory();
    pieces = machine.pieces();
    wordShift = Integer.numberOfTrailingZeros(local.widthBytes());
    words = Math.toIntExact(local.capacityBytes() / local.widthBytes());
    wordMask = 2 * Integer.highestOneBit(words - 1) - 1;
    ports = local.ports();
    served = new int[local.banks()];
    named = new int[(machine.slots().load().count() + machine.slots().store().count()) * pieces];
    for (int q = 0; q < patterns.length; q++) {
      set(new Pattern(q, pieces, 1, 0));
    }
  }

  /** Sets a pattern, for the steps to come. */
  void set(Pattern pattern) {
    int[] offsets = new int[pieces];
    for (int i = 0; i < pieces; i++) {
      offsets[i] =
          i % pattern.inner() * pattern.innerStep() + i / pattern.inner() * pattern.outerStep();
    }
    patterns[pattern.index()] = offsets;
  }

  /** Begins a step, which names no words yet. */
  void begin() {
    count = 0;
  }

  /** Adds the words of an access of {@code bundle} at byte address {@code address}. */
  void add(int bundle, Access access, int address) {
    int[] offsets = patterns[access.pattern()];
    int first = address >>> wordShift;
    for (int i = 0; i < access.pieces(); i++) {
      int word = first + offsets[i] & wordMask;
      if (word >= words) {
        throw new BundleFault(
            bundle, "names word %d of the %d of local memory".formatted(word, words));
      }
      named[count++] = word;
      lastWord = Math.max(lastWord, word);
    }
  }

  /** Bytes up to the last word that was named. */
  long localBytes() {
    return (lastWord + 1L) << wordShift;
  }

  /** The word of local memory that is piece {@code i} of the step. */
  int word(int i) {
    return named[i];
  }

  /**
   * Cycles of the step.
   *
   * @param bundle that the step is of
   * @param loaded how many of the pieces are of loads; the others are written
   */
  int cycles(int bundle, int loaded) {
    int banks = served.length - 1;
    int most = 0;
    boolean again = false;
    for (int i = count - 1; i >= 0; i--) {
      int inBank = ++served[named[i] & banks];
      most = Math.max(most, inBank);
      again |= inBank > 1 && i >= loaded;
    }
    for (int i = 0; i < count; i++) {
      served[named[i] & banks] = 0;
    }
    if (again) {
      different(bundle, loaded);
    }
    return Math.max(1, ports == 1 ? most : Math.ceilDiv(most, ports));
  }

  private void different(int bundle, int loaded) {
    int[] written = new int[count - loaded];
    for (int i = 0; i < written.length; i++) {
      written[i] = word(loaded + i);
    }
    Arrays.sort(written);
    for (int i = 1; i < written.length; i++) {
      if (written[i] == written[i - 1]) {
        throw new BundleFault(bundle, "writes word %d twice".formatted(written[i]));
      }
    }
  }
}
