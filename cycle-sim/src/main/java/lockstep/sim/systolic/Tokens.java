// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import java.util.Arrays;
import lockstep.sim.Event;
import lockstep.sim.ProgramFault;

/** One token counter, as the times at which its tokens become visible and are taken. */
final class Tokens {
  static final int LIMIT = 255;

  private final String name;
  private long[] visible = new long[64];
  private long[] takenAt = new long[64];
  private int pushed;
  private int taken;

  Tokens(String name) {
    this.name = name;
  }

  /** The producer's instruction retires in {@code retire}. */
  void push(long retire) {
    if (pushed == visible.length) {
      visible = Arrays.copyOf(visible, pushed * 2);
      takenAt = Arrays.copyOf(takenAt, pushed * 2);
    }
    visible[pushed++] = retire + 1;
  }

  /** First cycle with at least {@code count} tokens; {@link Event#NEVER} while that is unknown. */
  long available(int count) {
    if (count == 0) {
      return 0;
    }
    return taken + count <= pushed ? visible[taken + count - 1] : Event.NEVER;
  }

  /** Takes {@code count} tokens in cycle {@code t}. */
  void take(int count, long t) {
    for (int i = 0; i < count; i++) {
      takenAt[taken++] = t;
    }
  }

  /** Refuses a program in which the counter passed {@link #LIMIT}. */
  void checkLimit() {
    for (int i = LIMIT; i < pushed; i++) {
      int gone = i - LIMIT;
      if (gone >= taken || takenAt[gone] + 1 > visible[i]) {
        throw new ProgramFault(
            "token counter " + name + " passes " + LIMIT + " in cycle " + visible[i]);
      }
    }
  }
}
