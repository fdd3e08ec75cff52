// SPDX-License-Identifier: Apache-2.0
package lockstep.sim;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run of one program did, whoever ran it: the simulator and the Verilated RTL both answer
 * with this record, and lockstep means that two of them are equal.
 *
 * @param cycles total cycles, from start to done
 * @param retire cycle in which each instruction retired, in program order; HALT has {@code cycles -
 *     1}
 * @param counters every performance counter by its key, in register order
 * @param memory final contents of off-chip memory, or null if the run had no values (timing only)
 */
public record RunResult(
    long cycles, long[] retire, Map<String, Long> counters, byte @Nullable [] memory) {}
