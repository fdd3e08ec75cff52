// SPDX-License-Identifier: Apache-2.0

/** The cycle-exact simulator of the VLIW family: {@code docs/vliw.md}. */
package lockstep.sim.vliw;
