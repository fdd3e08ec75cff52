// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import org.jspecify.annotations.Nullable;

/**
 * What a change of the bank split between two layers requires, because a bank has one read port:
 * rows that the old layer still streams and rows that the new one already preloads must not share a
 * bank.
 *
 * @param loadsWait the new layer's loads follow the old layer's last execute
 * @param executesWait the new layer's executes follow the old layer's last store
 */
record Transition(boolean loadsWait, boolean executesWait) {

  static Transition between(@Nullable Mapping before, Mapping after) {
    if (before == null) {
      return new Transition(false, false);
    }
    int oldWeights = before.activationBanks();
    int newWeights = after.activationBanks();
    boolean activationsMeetWeights = oldWeights != newWeights;
    int oldResiduals = before.activationBanks() + before.weightBanks();
    int newResiduals = after.activationBanks() + after.weightBanks();
    boolean residualsMeet = before.residualBanks() > 0 && newResiduals > oldResiduals;
    return new Transition(activationsMeetWeights, residualsMeet);
  }
}
