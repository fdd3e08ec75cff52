// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.sim.memory.WriteChannel;

/**
 * Transfers out of local memory: a reader that is up to two bursts ahead of the write channel, and
 * an address stage. Nobody else writes, so a transfer's times follow from its start.
 *
 * <pre>
 * start s; taken in t = max(s + 1, reader idle, address stage idle)
 * beat i read in      max(t + 1, read of i-1 + 1, accepted of i - 2 burst_beats + 1)
 *        accepted     max(read + 2, grant of its burst + 1), when the channel has credit
 * burst granted       max(t + 1, grant before + 1, response of O bursts before + 1)
 * finish: the last response
 * </pre>
 */
final class Outbound {
  private final VliwArchitecture machine;
  private final WriteChannel channel;
  private final BundleAccount account;
  private final Finishes finishes;
  private final List<TransferTime> times = new ArrayList<>();
  private final long[] accepted;
  private final long[] responses;
  private long beats;
  private long bursts;
  private long lastRead = -1;
  private long lastGrant = -1;

  Outbound(VliwArchitecture machine, BundleAccount account) {
    this.machine = machine;
    this.account = account;
    channel = new WriteChannel(machine.dma(), machine.memory());
    finishes = new Finishes(machine.transferDepth());
    accepted = new long[2 * machine.dma().burstBeats()];
    responses = new long[machine.dma().outstandingRequests()];
  }

  Finishes finishes() {
    return finishes;
  }

  void start(Transfer transfer, long cycle) {
    long taken = Math.max(cycle, Math.max(lastRead, lastGrant)) + 1;
    lastRead = taken;
    lastGrant = taken;
    long before = beats;
    Bursts cut = new Bursts(transfer, machine.dma());
    long response;
    do {
      response = burst(cut.beats());
    } while (cut.next());
    account.writeBeats(transfer.bundle(), beats - before);
    finishes.start();
    finishes.finish(response);
    times.add(transfer.time(cycle, taken + 1, response));
  }

  /** All transfers started. */
  List<TransferTime> times() {
    return times;
  }

  private long burst(int count) {
    lastGrant++;
    int request = (int) (bursts % responses.length);
    if (bursts++ >= responses.length) {
      lastGrant = Math.max(lastGrant, responses[request] + 1);
    }
    long last = 0;
    for (int k = 0; k < count; k++) {
      int place = (int) (beats % accepted.length);
      lastRead++;
      if (beats++ >= accepted.length) {
        lastRead = Math.max(lastRead, accepted[place] + 1);
      }
      last = channel.accept(Math.max(lastRead + 2, lastGrant + 1));
      accepted[place] = last;
    }
    responses[request] = channel.response(last);
    return responses[request];
  }
}
