// SPDX-License-Identifier: Apache-2.0

/** Off-chip memory behind the AXI4 port, as {@code docs/timing-contracts.md} times it. */
package lockstep.sim.memory;
