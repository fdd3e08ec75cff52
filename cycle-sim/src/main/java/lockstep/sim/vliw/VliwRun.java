// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.EnumMap;
import java.util.List;
import lockstep.isa.vliw.VliwCounter;
import lockstep.sim.RunResult;

/**
 * A simulated run in detail.
 *
 * @param result what a lockstep comparison compares; an entry of {@code retire} for each bundle of
 *     the program
 * @param layers counters of each layer of the program: of its bundles, the cycles in which they
 *     issued or were waited for, and the transfers that they started; each counter's sum over the
 *     layers is the run's
 * @param issues how often each bundle issued
 * @param firstIssue cycle in which each bundle issued for the first time
 * @param transfers those in, in their order, then those out
 * @param localBytes of local memory up to the last one that slots or transfers named
 */
public record VliwRun(
    RunResult result,
    List<EnumMap<VliwCounter, Long>> layers,
    long[] issues,
    long[] firstIssue,
    List<TransferTime> transfers,
    long localBytes) {}
