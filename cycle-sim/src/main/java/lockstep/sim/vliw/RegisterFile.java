// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.Locale;
import lockstep.arch.vliw.VliwArchitecture;

/** The register files of a machine, with what is said of them in messages. */
enum RegisterFile {
  SCALAR,
  VECTOR,
  ACCUMULATOR;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  int count(VliwArchitecture a) {
    return switch (this) {
      case SCALAR -> a.registers().scalar().count();
      case VECTOR -> a.registers().vector().count();
      case ACCUMULATOR -> a.registers().accumulator().count();
    };
  }

  int readPorts(VliwArchitecture a) {
    return switch (this) {
      case SCALAR -> a.registers().scalar().readPorts();
      case VECTOR -> a.registers().vector().readPorts();
      case ACCUMULATOR -> a.registers().accumulator().readPorts();
    };
  }

  int writePorts(VliwArchitecture a) {
    return switch (this) {
      case SCALAR -> a.registers().scalar().writePorts();
      case VECTOR -> a.registers().vector().writePorts();
      case ACCUMULATOR -> a.registers().accumulator().writePorts();
    };
  }
}
