// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.List;
import lockstep.isa.vliw.VliwCounter;

/**
 * One issue of a bundle; a bundle in a loop issues more than once.
 *
 * <pre>
 * asked        arrived         expanded   ready .. next .. issue   end
 *   | on its way  | fetch buffer    | instruction memory  |  banks  |
 * </pre>
 *
 * @param bundle its number
 * @param asked cycle in which its first bytes were asked for
 * @param arrived first cycle in which they were in the fetch buffer
 * @param ready first cycle in which it could issue; its last bytes were expanded two before
 * @param next first cycle in which it was the one to issue next
 * @param issue cycle in which it issued
 * @param end last cycle of its step
 * @param stalls what it waited for from {@code next} to {@code issue}, one behind the other
 */
public record IssueTime(
    int bundle,
    long asked,
    long arrived,
    long ready,
    long next,
    long issue,
    long end,
    List<Stall> stalls) {
  public IssueTime {
    stalls = List.copyOf(stalls);
  }

  /** A reason of the account of issue, from a cycle to the one before {@code to}. */
  public record Stall(VliwCounter reason, long from, long to) {}
}
