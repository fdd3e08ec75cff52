// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

/**
 * When a transfer of the DMA engine ran.
 *
 * @param bundle that started it
 * @param out whether it is from local memory
 * @param constant whether it wrote a constant and read no memory
 * @param bytes that it moved
 * @param start cycle in which its bundle issued
 * @param begin first cycle in which it was active; before it waited behind others
 * @param finish cycle in which it finished
 */
public record TransferTime(
    int bundle, boolean out, boolean constant, long bytes, long start, long begin, long finish) {}
