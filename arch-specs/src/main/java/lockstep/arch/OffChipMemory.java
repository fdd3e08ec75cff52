// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

/**
 * The off-chip memory behind the machine's AXI4 port, as {@code docs/timing-contracts.md} times it.
 *
 * @param type DRAM type priced by the technology table, for example {@code lpddr4}
 * @param latencyCycles cycles from the accepted read address to the first beat, beyond the one
 *     cycle of the handshake; also from the last written beat to the response; 0 or more
 * @param bytesPerCycle bytes moved per cycle in each direction, 1 or more
 * @param capacityBytes bytes the machine may address
 */
public record OffChipMemory(
    String type, int latencyCycles, int bytesPerCycle, long capacityBytes) {}
