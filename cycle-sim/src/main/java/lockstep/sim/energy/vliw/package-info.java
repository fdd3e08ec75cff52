// SPDX-License-Identifier: Apache-2.0

/** Energy and area of VLIW machines. */
package lockstep.sim.energy.vliw;
