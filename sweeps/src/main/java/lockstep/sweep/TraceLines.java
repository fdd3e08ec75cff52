// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.util.ArrayList;
import java.util.List;

/** The lines of a track, on which spans that overlap lie side by side. */
public final class TraceLines {
  private final List<Long> freeFrom = new ArrayList<>();

  /** The first line that is free at {@code from}; it is taken until {@code to}. */
  public int line(long from, long to) {
    for (int i = 0; i < freeFrom.size(); i++) {
      if (freeFrom.get(i) <= from) {
        freeFrom.set(i, to);
        return i;
      }
    }
    freeFrom.add(to);
    return freeFrom.size() - 1;
  }
}
