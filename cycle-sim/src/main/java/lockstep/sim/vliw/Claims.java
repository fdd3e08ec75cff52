// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.ArrayDeque;
import java.util.Deque;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.sim.vliw.Bundle.Access;

/**
 * The words of local memory that unfinished transfers read or write: what they read nobody else
 * writes, what they write nobody else touches. Off-chip memory is not watched.
 */
final class Claims {
  private record Claim(Transfer transfer, long number) {}

  private final DmaEngine engine;
  private final int wordBytes;
  private final short[] read;
  private final short[] written;
  private final Deque<Claim> in = new ArrayDeque<>();
  private final Deque<Claim> out = new ArrayDeque<>();

  Claims(VliwArchitecture machine, DmaEngine engine) {
    this.engine = engine;
    wordBytes = machine.localMemory().widthBytes();
    int words = Math.toIntExact(machine.localMemory().capacityBytes() / wordBytes);
    read = new short[words];
    written = new short[words];
  }

  /** A transfer that starts in cycle {@code t}, number {@code number} of its direction. */
  void start(Transfer transfer, long number, long t) {
    release(t);
    Runs runs = new Runs(transfer);
    do {
      int word = runs.local() / wordBytes;
      for (int i = 0; i < transfer.bytes() / wordBytes; i++) {
        if (written[word + i] > 0 || (!transfer.out() && read[word + i] > 0)) {
          throw new BundleFault(
              transfer.bundle(),
              "starts a transfer of word %d, which an unfinished one moves".formatted(word + i));
        }
      }
    } while (runs.next());
    mark(transfer, 1);
    (transfer.out() ? out : in).add(new Claim(transfer, number));
  }

  /** The accesses of a bundle that issues in cycle {@code t}. */
  void access(Bundle bundle, LocalAddresses addresses, long t) {
    if (in.isEmpty() && out.isEmpty()) {
      return;
    }
    int piece = 0;
    for (Access access : bundle.accesses()) {
      for (int i = 0; i < access.pieces(); i++) {
        int word = addresses.word(piece++);
        if (taken(word, access.store())) {
          release(t);
          if (taken(word, access.store())) {
            throw new BundleFault(
                bundle.number(),
                "%s word %d, which an unfinished transfer moves"
                    .formatted(access.store() ? "stores" : "loads", word));
          }
        }
      }
    }
  }

  private boolean taken(int word, boolean store) {
    return written[word] > 0 || (store && read[word] > 0);
  }

  private void release(long t) {
    engine.advanceTo(t);
    release(in, engine.finishes(false), t);
    release(out, engine.finishes(true), t);
  }

  private void release(Deque<Claim> claims, Finishes finishes, long t) {
    while (!claims.isEmpty() && finishes.finished(claims.peek().number(), t)) {
      mark(claims.remove().transfer(), -1);
    }
  }

  private void mark(Transfer transfer, int by) {
    short[] words = transfer.out() ? read : written;
    Runs runs = new Runs(transfer);
    do {
      int word = runs.local() / wordBytes;
      for (int i = 0; i < transfer.bytes() / wordBytes; i++) {
        words[word + i] += (short) by;
      }
    } while (runs.next());
  }
}
