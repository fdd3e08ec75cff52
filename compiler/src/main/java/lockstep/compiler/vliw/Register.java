// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import lockstep.arch.vliw.VliwArchitecture;

/**
 * A virtual register: as many registers of a file, one behind the other, as hold one value.
 *
 * @param id unique in its code
 * @param size registers of the file, at least 1
 */
public record Register(File file, int id, int size) {

  /** The files of a machine. */
  public enum File {
    SCALAR,
    VECTOR,
    ACCUMULATOR;

    /** How many registers a machine's file has. */
    public int count(VliwArchitecture machine) {
      var registers = machine.registers();
      return switch (this) {
        case SCALAR -> registers.scalar().count();
        case VECTOR -> registers.vector().count();
        case ACCUMULATOR -> registers.accumulator().count();
      };
    }

    /** Registers of the file that a bundle may read. */
    public int readPorts(VliwArchitecture machine) {
      var registers = machine.registers();
      return switch (this) {
        case SCALAR -> registers.scalar().readPorts();
        case VECTOR -> registers.vector().readPorts();
        case ACCUMULATOR -> registers.accumulator().readPorts();
      };
    }

    /** Registers of the file that a step may write. */
    public int writePorts(VliwArchitecture machine) {
      var registers = machine.registers();
      return switch (this) {
        case SCALAR -> registers.scalar().writePorts();
        case VECTOR -> registers.vector().writePorts();
        case ACCUMULATOR -> registers.accumulator().writePorts();
      };
    }
  }
}
