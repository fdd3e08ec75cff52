// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.Optional;
import lockstep.sim.RunResult;

/**
 * What the Verilog did with a program, whether or not it came to the program's end.
 *
 * @param result its cycles, retirements, counters and memory. Of a run that did not end: the cycles
 *     until it was stopped, {@link Divergence#NEVER} for each instruction that had not retired, no
 *     counters, no memory
 * @param complaint why it did not end, or what it did that no machine may do; empty if all is well
 */
public record RtlRun(RunResult result, Optional<String> complaint) {}
