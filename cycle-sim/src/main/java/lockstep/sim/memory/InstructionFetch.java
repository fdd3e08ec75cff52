// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.memory;

import java.util.function.IntConsumer;
import lockstep.sim.Event;

/**
 * The fetch of an instruction stream into a buffer of entries: groups of {@value #GROUP} entries,
 * asked for burst by burst when the buffer has room for a whole group. Its owner expands what has
 * arrived and says when an entry leaves the buffer.
 */
public final class InstructionFetch {
  /** Entries of a group. */
  public static final int GROUP = 4;

  private final ReadChannel channel;
  private final int entryBytes;
  private final int entries;
  private final int beatBytes;
  private final IntConsumer asks;
  private final int groups;
  private final int groupBeats;
  private final int beatsPerBurst;

  // by group: the cycle in which its first burst was granted
  private final long[] granted;

  // by entry: the first cycle in which it is in the buffer, and the last; 0 while not known
  private final long[] arrival;
  private final long[] left;
  private int group;
  private int burstInGroup;
  private long nextFetch;

  /**
   * What the fetch moves.
   *
   * @param streamBytes of the whole stream
   * @param entryBytes of an entry of the buffer
   * @param entries that the buffer holds
   * @param beatBytes of a beat of memory
   * @param burstBeats of the longest burst
   */
  public record Sizes(int streamBytes, int entryBytes, int entries, int beatBytes, int burstBeats) {
    /** Bytes of a group. */
    public int groupBytes() {
      return GROUP * entryBytes;
    }

    /** Groups of the stream. */
    public int groups() {
      return Math.ceilDiv(streamBytes, groupBytes());
    }

    /** Beats of a group. */
    public int groupBeats() {
      return groupBytes() / beatBytes;
    }
  }

  /**
   * @param asks told the number of each group when it is asked for
   */
  public InstructionFetch(Sizes sizes, ReadChannel channel, IntConsumer asks) {
    this.channel = channel;
    this.asks = asks;
    entryBytes = sizes.entryBytes();
    entries = sizes.entries();
    beatBytes = sizes.beatBytes();
    groups = sizes.groups();
    groupBeats = sizes.groupBeats();
    beatsPerBurst = Math.min(groupBeats, sizes.burstBeats());
    granted = new long[groups];
    arrival = new long[groups * GROUP];
    left = new long[groups * GROUP];
  }

  /** First cycle in which it asks for its next burst, and gets it; {@link Event#NEVER} as yet. */
  public long time() {
    if (group == groups) {
      return Event.NEVER;
    }
    long room = nextFetch;
    int leaver = GROUP * (group + 1) - 1 - entries;
    if (burstInGroup == 0 && leaver >= 0) {
      if (left[leaver] == 0) {
        return Event.NEVER;
      }
      room = Math.max(room, left[leaver] + 1);
    }
    return Math.max(room, channel.nextGrant());
  }

  /** Asks and is granted in cycle {@code t}. */
  public void grant(long t) {
    long start = channel.grant(t, beatsPerBurst);
    for (int k = 0; k < beatsPerBurst; k++) {
      int firstByte = (burstInGroup * beatsPerBurst + k) * beatBytes;
      for (int i = 0; i < GROUP; i++) {
        int lastByte = (i + 1) * entryBytes - 1;
        if (lastByte >= firstByte && lastByte < firstByte + beatBytes) {
          arrival[group * GROUP + i] = channel.beat(start, k) + 1;
        }
      }
    }
    if (burstInGroup == 0) {
      granted[group] = t;
      asks.accept(group);
    }
    nextFetch = t + 1;
    burstInGroup++;
    if (burstInGroup * beatsPerBurst == groupBeats) {
      burstInGroup = 0;
      group++;
    }
  }

  /** Cycle in which the group of {@code entry} was asked for. */
  public long asked(int entry) {
    return granted[entry / GROUP];
  }

  /** First cycle in which {@code entry} is in the buffer; 0 if it has not been asked for. */
  public long arrived(int entry) {
    return entry < arrival.length ? arrival[entry] : 0;
  }

  /** Cycle {@code t} is the last one in which {@code entry} is in the buffer. */
  public void leaves(int entry, long t) {
    left[entry] = t;
  }
}
