// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.BundleStream;
import lockstep.sim.memory.InstructionFetch;
import lockstep.sim.memory.ReadChannel;

/**
 * Fetch and expansion: when each bundle may issue for the first time.
 *
 * <pre>
 * fetch     groups of 4 entries, one request when the buffer has room for 4; goes before transfers
 * expand    16 bytes a cycle, of bundle b only while b - oldest is less than the instruction memory
 * ready     two cycles after a bundle's last 16 bytes
 * </pre>
 */
final class Fetch {
  private static final int PIECE = BundleStream.ENTRY_BYTES;

  private final InstructionFetch fetch;
  private final int[] ends;
  private final int instructionMemory;
  private final int entryBytes;

  // by bundle: the first cycle in which it may issue, and in which `oldest` is not before it
  private final long[] ready;
  private final long[] passed;
  private int oldest;
  private int piece;
  private int expanding;
  private long lastPiece = -1;

  Fetch(VliwArchitecture machine, Code code, ReadChannel channel, BundleAccount account) {
    ends = code.ends();
    instructionMemory = machine.instructionMemory();
    int beat = machine.dma().widthBytes();
    entryBytes = Math.max(PIECE, beat / InstructionFetch.GROUP);
    var sizes =
        new InstructionFetch.Sizes(
            ends[ends.length - 1],
            entryBytes,
            machine.fetchDepth(),
            beat,
            machine.dma().burstBeats());
    int[] groupBundle = new int[sizes.groups()];
    int bundle = 0;
    for (int g = 0; g < groupBundle.length; g++) {
      while (ends[bundle] <= g * sizes.groupBytes()) {
        bundle++;
      }
      groupBundle[g] = bundle;
    }
    int beats = sizes.groupBeats();
    fetch = new InstructionFetch(sizes, channel, g -> account.readBeats(groupBundle[g], beats));
    ready = new long[ends.length];
    passed = new long[ends.length];
  }

  /** First cycle in which it asks for its next burst, and gets it. */
  long time() {
    return fetch.time();
  }

  /** Asks and is granted in cycle {@code t}. */
  void grant(long t) {
    fetch.grant(t);
    expand();
  }

  private void expand() {
    while (expanding < ends.length) {
      int entry = piece * PIECE / entryBytes;
      int needed = Math.max(0, expanding - instructionMemory + 1);
      long arrived = fetch.arrived(entry);
      if (arrived == 0 || needed > oldest) {
        return;
      }
      lastPiece = Math.max(Math.max(lastPiece + 1, arrived), passed[needed]);
      piece++;
      if (piece * PIECE % entryBytes == 0) {
        fetch.leaves(entry, lastPiece);
      }
      if (piece * PIECE == ends[expanding]) {
        ready[expanding++] = lastPiece + 2;
      }
    }
  }

  private int firstEntry(int bundle) {
    return (bundle == 0 ? 0 : ends[bundle - 1]) / entryBytes;
  }

  /** Cycle in which the first bytes of {@code bundle} were asked for. */
  long asked(int bundle) {
    return fetch.asked(firstEntry(bundle));
  }

  /** First cycle in which its first bytes are in the buffer. */
  long arrived(int bundle) {
    return fetch.arrived(firstEntry(bundle));
  }

  /** First cycle in which {@code bundle} may issue; 0 if that is not known yet. */
  long ready(int bundle) {
    return ready[bundle];
  }

  /** The oldest bundle that the machine keeps is {@code bundle} from {@code cycle} on. */
  void oldest(int bundle, long cycle) {
    if (oldest < bundle) {
      while (oldest < bundle) {
        passed[++oldest] = cycle;
      }
      expand();
    }
  }
}
