// SPDX-License-Identifier: Apache-2.0

/** Energy and area: actions and parts, counted, times the figures of a technology table. */
package lockstep.sim.energy;
