// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.BundleStream;
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
  /** Later than every cycle: the event waits for one that has not been simulated yet. */
  static final long NEVER = Long.MAX_VALUE / 4;

  private static final int GROUP = 4;
  private static final int PIECE = BundleStream.ENTRY_BYTES;

  private final ReadChannel channel;
  private final BundleAccount account;
  private final int[] ends;
  private final int instructionMemory;
  private final int depth;
  private final int width;
  private final int entryBytes;
  private final int groups;
  private final int groupBeats;
  private final int beatsPerBurst;
  private final int[] groupBundle;

  // by group: the cycle in which its first burst was granted
  private final long[] granted;

  // by entry: the cycle from which it is in the buffer, and that of its last piece's expansion
  private final long[] arrival;
  private final long[] left;
  private int group;
  private int burstInGroup;
  private long nextFetch;

  // by bundle: the first cycle in which it may issue, and in which `oldest` is not before it
  private final long[] ready;
  private final long[] passed;
  private int oldest;
  private int piece;
  private int expanding;
  private long lastPiece = -1;

  Fetch(VliwArchitecture machine, Code code, ReadChannel channel, BundleAccount account) {
    this.channel = channel;
    this.account = account;
    ends = code.ends();
    instructionMemory = machine.instructionMemory();
    depth = machine.fetchDepth();
    width = machine.dma().widthBytes();
    entryBytes = Math.max(PIECE, width / GROUP);
    int groupBytes = GROUP * entryBytes;
    groups = Math.ceilDiv(ends[ends.length - 1], groupBytes);
    groupBeats = groupBytes / width;
    beatsPerBurst = Math.min(groupBeats, machine.dma().burstBeats());
    arrival = new long[groups * GROUP];
    left = new long[groups * GROUP];
    granted = new long[groups];
    ready = new long[ends.length];
    passed = new long[ends.length];
    groupBundle = new int[groups];
    int bundle = 0;
    for (int g = 0; g < groups; g++) {
      while (ends[bundle] <= g * groupBytes) {
        bundle++;
      }
      groupBundle[g] = bundle;
    }
  }

  /** First cycle in which it asks for its next burst, and gets it. */
  long time() {
    if (group == groups) {
      return NEVER;
    }
    long room = nextFetch;
    int leaver = GROUP * (group + 1) - 1 - depth;
    if (burstInGroup == 0 && leaver >= 0) {
      if (left[leaver] == 0) {
        return NEVER;
      }
      room = Math.max(room, left[leaver] + 1);
    }
    return Math.max(room, channel.nextGrant());
  }

  /** Asks and is granted in cycle {@code t}. */
  void grant(long t) {
    long start = channel.grant(t, beatsPerBurst);
    for (int k = 0; k < beatsPerBurst; k++) {
      int firstByte = (burstInGroup * beatsPerBurst + k) * width;
      for (int i = 0; i < GROUP; i++) {
        int lastByte = (i + 1) * entryBytes - 1;
        if (lastByte >= firstByte && lastByte < firstByte + width) {
          arrival[group * GROUP + i] = channel.beat(start, k) + 1;
        }
      }
    }
    if (burstInGroup == 0) {
      account.readBeats(groupBundle[group], groupBeats);
      granted[group] = t;
    }
    nextFetch = t + 1;
    burstInGroup++;
    if (burstInGroup * beatsPerBurst == groupBeats) {
      burstInGroup = 0;
      group++;
    }
    expand();
  }

  private void expand() {
    while (expanding < ends.length) {
      int entry = piece * PIECE / entryBytes;
      int needed = Math.max(0, expanding - instructionMemory + 1);
      if (arrival[entry] == 0 || needed > oldest) {
        return;
      }
      lastPiece = Math.max(Math.max(lastPiece + 1, arrival[entry]), passed[needed]);
      piece++;
      if (piece * PIECE % entryBytes == 0) {
        left[entry] = lastPiece;
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
    return granted[firstEntry(bundle) / GROUP];
  }

  /** First cycle in which its first bytes are in the buffer. */
  long arrived(int bundle) {
    return arrival[firstEntry(bundle)];
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
