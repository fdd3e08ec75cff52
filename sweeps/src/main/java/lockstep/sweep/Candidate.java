// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import lockstep.sweep.study.Point;

/**
 * A trial that a study asks for.
 *
 * @param index its place in the study, from 0
 * @param id what {@link lockstep.sweep.trial.TrialId} makes of it
 */
public record Candidate(int index, Point point, String id) {}
