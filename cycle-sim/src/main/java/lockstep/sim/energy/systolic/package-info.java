// SPDX-License-Identifier: Apache-2.0

/** Energy and area of systolic machines. */
package lockstep.sim.energy.systolic;
