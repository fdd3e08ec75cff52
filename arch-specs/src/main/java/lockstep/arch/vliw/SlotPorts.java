// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.vliw;

import lockstep.arch.vliw.VliwArchitecture.Matrix;
import lockstep.arch.vliw.VliwArchitecture.Slots;

/**
 * What the slots of one step can read and write at most: the ports that a register file has where
 * its file of a machine says nothing, and more than which it cannot use.
 *
 * <pre>
 *            scalar    vector                        accumulator
 * scalar     2 in, 1 out
 * load       1 in, 1 out      1 out
 * store      1 in, 1 out   1 in
 * matrix                   left and right vectors in   1 in, 1 out
 * vector                   3 in, 1 out                 1 in
 * special                  1 in, 1 out
 * permute                  2 in, 1 out
 * DMA        1 in
 * </pre>
 */
record SlotPorts(int read, int write) {

  static SlotPorts scalar(Slots slots) {
    int steps = slots.load().count() + slots.store().count();
    return new SlotPorts(2 * slots.scalar().count() + steps + 1, slots.scalar().count() + steps);
  }

  /**
   * @param widthBytes of a register
   */
  static SlotPorts vector(Slots slots, int widthBytes) {
    Matrix matrix = slots.matrix();
    int operands = (matrix.rows() + matrix.cols()) * matrix.depth() / widthBytes;
    int vector = slots.vector().count();
    int special = slots.special().count();
    int permute = slots.permute().count();
    return new SlotPorts(
        slots.store().count() + operands * matrix.count() + 3 * vector + special + 2 * permute,
        slots.load().count() + vector + special + permute);
  }

  static SlotPorts accumulator(Slots slots) {
    return new SlotPorts(slots.matrix().count() + slots.vector().count(), slots.matrix().count());
  }
}
