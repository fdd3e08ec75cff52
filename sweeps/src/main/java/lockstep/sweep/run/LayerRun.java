// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.Map;

/**
 * What one layer of a model took.
 *
 * @param macs multiply-accumulates that the layer needs
 * @param cycles from the retirement of the layer before to its own
 * @param boundCycles the largest lower bound on its cycles
 * @param boundBy what that bound is from
 * @param mapping the mapping chosen, in words
 * @param dramBytes bytes moved to and from off-chip memory
 * @param picojoules energy, leakage included
 * @param stalls cycles by reason, {@code unit.reason}; each unit's reasons sum to {@code cycles}
 */
public record LayerRun(
    String name,
    long macs,
    long cycles,
    long boundCycles,
    String boundBy,
    String mapping,
    long dramBytes,
    double picojoules,
    Map<String, Long> stalls) {}
