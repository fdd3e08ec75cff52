// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.vliw;

import lockstep.arch.Mistakes;
import lockstep.arch.PortConditions;

/** The conditions between the values of a VLIW machine, beyond each value's own range. */
final class VliwConditions {
  private static final int LEAST_ROWS = 4;

  private VliwConditions() {}

  static void check(VliwArchitecture machine, Mistakes mistakes) {
    operands(machine, mistakes);
    localMemory(machine, mistakes);
    ports(machine, mistakes);
    PortConditions.check(machine.dma(), mistakes);
  }

  private static void operands(VliwArchitecture machine, Mistakes mistakes) {
    var matrix = machine.slots().matrix();
    int width = machine.registers().vector().widthBytes();
    whole("rows", "rows x depth", matrix.rows() * matrix.depth(), width, mistakes);
    whole("cols", "depth x cols", matrix.depth() * matrix.cols(), width, mistakes);
    whole("cols", "rows x cols", matrix.rows() * matrix.cols(), machine.lanes(), mistakes);
    int operands = machine.leftVectors() + machine.rightVectors();
    if (operands > machine.registers().vector().count()) {
      mistakes.at(
          "/registers/vector/count",
          "the operands of one multiplication take %d vector registers of %d; add registers, or make the matrix unit smaller"
              .formatted(operands, machine.registers().vector().count()));
    }
  }

  private static void whole(String key, String product, int size, int part, Mistakes mistakes) {
    if (size % part != 0) {
      mistakes.at(
          "/slots/matrix/" + key,
          "%s is %d, which is no multiple of the %d that a vector register of registers.vector.width_bytes holds; change one of the two"
              .formatted(product, size, part));
    }
  }

  private static void localMemory(VliwArchitecture machine, Mistakes mistakes) {
    var local = machine.localMemory();
    int vector = machine.registers().vector().widthBytes();
    if (local.widthBytes() > vector) {
      mistakes.at(
          "/local_memory/width_bytes",
          "a word of %d bytes is wider than a vector register of %d; write at most that"
              .formatted(local.widthBytes(), vector));
    }
    if (local.widthBytes() > machine.dma().widthBytes()) {
      mistakes.at(
          "/local_memory/width_bytes",
          "a word of %d bytes is wider than a beat of dma.width_bytes, %d bytes; write at most that"
              .formatted(local.widthBytes(), machine.dma().widthBytes()));
    }
    long row = (long) local.banks() * local.widthBytes();
    if (row < machine.dma().widthBytes()) {
      mistakes.at(
          "/local_memory/banks",
          "banks x width_bytes is %d bytes, less than the %d of a beat of dma.width_bytes, which is written in a cycle; write %d banks or more"
              .formatted(
                  row,
                  machine.dma().widthBytes(),
                  machine.dma().widthBytes() / local.widthBytes()));
    }
    if (local.capacityBytes() % row != 0 || local.capacityBytes() < LEAST_ROWS * row) {
      mistakes.at(
          "/local_memory/capacity_bytes",
          "%d bytes are not at least %d whole rows of %d banks with words of %d bytes; write a multiple of %d"
              .formatted(
                  local.capacityBytes(), LEAST_ROWS, local.banks(), local.widthBytes(), row));
    }
  }

  private static void ports(VliwArchitecture machine, Mistakes mistakes) {
    var registers = machine.registers();
    int operands = machine.leftVectors() + machine.rightVectors();
    least("scalar", registers.scalar().readPorts(), 2, "an addition", mistakes);
    least("vector", registers.vector().readPorts(), 3, "a requantisation", mistakes);
    least("vector", registers.vector().readPorts(), operands, "a multiplication", mistakes);
  }

  private static void least(String file, int ports, int needed, String by, Mistakes mistakes) {
    if (ports < needed) {
      mistakes.at(
          "/registers/" + file + "/read_ports",
          "%d ports cannot read the %d registers of %s; write at least that"
              .formatted(ports, needed, by));
    }
  }
}
