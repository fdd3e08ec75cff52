// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.List;
import java.util.stream.Stream;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.vliw.TransferField;
import lockstep.sim.Event;
import lockstep.sim.memory.ReadChannel;

/**
 * The fields of the next transfer, both directions, and the read port, which transfers in share
 * with fetch. Bursts are granted in the order of time, as late as somebody needs to know: what
 * bundles do in a cycle changes requests from the cycle after it on.
 */
final class DmaEngine {
  private final int[] fields = new int[TransferField.values().length];
  private final Fetch fetch;
  private final Inbound inbound;
  private final Outbound outbound;
  private final int wordBytes;
  private final long localBytes;
  private final long memoryBytes;
  private long lastLocal;

  DmaEngine(VliwArchitecture machine, Code code, long memoryBytes, BundleAccount account) {
    ReadChannel channel = new ReadChannel(machine.dma(), machine.memory());
    fetch = new Fetch(machine, code, channel, account);
    inbound = new Inbound(machine, channel, account);
    outbound = new Outbound(machine, account);
    wordBytes = machine.localMemory().widthBytes();
    localBytes = machine.localMemory().capacityBytes();
    this.memoryBytes = memoryBytes;
  }

  Finishes finishes(boolean out) {
    return out ? outbound.finishes() : inbound.finishes();
  }

  /** First cycle in which {@code bundle} may issue. */
  long ready(int bundle) {
    while (fetch.ready(bundle) == 0) {
      advance(bundle);
    }
    return fetch.ready(bundle);
  }

  /** How the bundles came. */
  Fetch fetch() {
    return fetch;
  }

  /** The oldest bundle that the machine keeps is {@code bundle} from {@code cycle} on. */
  void oldest(int bundle, long cycle) {
    fetch.oldest(bundle, cycle);
  }

  /** First cycle in which at most so many transfers are unfinished, for {@code bundle}. */
  long from(int bundle, boolean out, int most) {
    Finishes finishes = finishes(out);
    while (!finishes.known(most)) {
      advance(bundle);
    }
    return finishes.from(most);
  }

  private void advance(int bundle) {
    if (!advanceBefore(Event.NEVER)) {
      throw new BundleFault(bundle, "waits for ever");
    }
  }

  /** Grants all bursts before cycle {@code t}. */
  void advanceTo(long t) {
    boolean more = true;
    while (more) {
      more = advanceBefore(t);
    }
  }

  private boolean advanceBefore(long t) {
    long fetching = fetch.time();
    long transferring = inbound.time();
    if (Math.min(fetching, transferring) >= t) {
      return false;
    }
    if (fetching <= transferring) {
      fetch.grant(fetching);
    } else {
      inbound.grant(transferring);
    }
    return true;
  }

  void set(int field, int value) {
    fields[field] = value;
  }

  /** The transfer that the fields describe, started by {@code bundle}. */
  Transfer described(int bundle, Bundle.Dma.Start start) {
    Transfer transfer = Transfer.of(fields, bundle, start.out(), start.constant());
    transfer.check(wordBytes, localBytes, memoryBytes);
    return transfer;
  }

  void start(Transfer transfer, long cycle) {
    lastLocal = Math.max(lastLocal, Math.min(localBytes, transfer.localEnd()));
    if (transfer.out()) {
      outbound.start(transfer, cycle);
    } else {
      inbound.start(transfer, cycle);
    }
  }

  /** Bytes of local memory up to the last one that a transfer moved. */
  long localBytes() {
    return lastLocal;
  }

  /** Transfers in, then those out; all have finished. */
  List<TransferTime> times() {
    return Stream.concat(inbound.times().stream(), outbound.times().stream()).toList();
  }
}
