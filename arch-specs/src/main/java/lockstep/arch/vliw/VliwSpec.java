// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.vliw;

import lockstep.arch.Mistakes;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.TreeReader;
import lockstep.arch.vliw.VliwArchitecture.Slots;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.ObjectNode;

/** The text form of a VLIW machine: from a checked tree to the record, and back to YAML. */
public final class VliwSpec {
  private static final ObjectReader READER = TreeReader.of(VliwArchitecture.class);
  private static final ObjectReader SLOTS = TreeReader.of(Slots.class);

  private VliwSpec() {}

  /**
   * Makes the record.
   *
   * @param tree a machine that keeps to the schema, the schema's defaults filled in; gets the
   *     defaults that follow from other values
   * @param mistakes gets the conditions between values that do not hold
   */
  public static VliwArchitecture bind(ObjectNode tree, Mistakes mistakes) {
    tree.remove("family");
    Slots slots = SLOTS.readValue(tree.get("slots"));
    int width = tree.at("/registers/vector/width_bytes").intValue();
    fillPorts(tree.at("/registers/scalar"), SlotPorts.scalar(slots));
    fillPorts(tree.at("/registers/vector"), SlotPorts.vector(slots, width));
    fillPorts(tree.at("/registers/accumulator"), SlotPorts.accumulator(slots));
    VliwArchitecture machine = READER.readValue(tree);
    VliwConditions.check(machine, mistakes);
    return machine;
  }

  private static void fillPorts(JsonNode file, SlotPorts ports) {
    var object = (ObjectNode) file;
    if (!object.has("read_ports")) {
      object.put("read_ports", ports.read());
    }
    if (!object.has("write_ports")) {
      object.put("write_ports", ports.write());
    }
  }

  /** The canonical YAML: see {@link ResolvedYaml}. */
  public static String yaml(VliwArchitecture machine) {
    var slots = machine.slots();
    var matrix = slots.matrix();
    var scalar = machine.registers().scalar();
    var vector = machine.registers().vector();
    var accumulator = machine.registers().accumulator();
    var local = machine.localMemory();
    var dma = machine.dma();
    var memory = machine.memory();
    return """
    family: vliw
    name: %s
    slots:
      scalar: %s
      load: %s
      store: {count: %d}
      matrix: {count: %d, latency: %d, rows: %d, cols: %d, depth: %d}
      vector: %s
      special: {count: %d, latency: %d, tables: %d}
      permute: %s
    registers:
      scalar: {count: %d, read_ports: %d, write_ports: %d}
      vector: {count: %d, width_bytes: %d, read_ports: %d, write_ports: %d}
      accumulator: {count: %d, read_ports: %d, write_ports: %d}
    local_memory:
      capacity_bytes: %d
      banks: %d
      width_bytes: %d
      ports: %d
    instruction_memory: %d
    fetch_depth: %d
    loop_depth: %d
    transfer_depth: %d
    dma:
      width_bytes: %d
      outstanding_requests: %d
      burst_beats: %d
    memory:
      type: %s
      latency_cycles: %d
      bytes_per_cycle: %d
      capacity_bytes: %d
    clock_mhz: %s
    technology: %s
    """
        .formatted(
            machine.name(),
            unit(slots.scalar()),
            unit(slots.load()),
            slots.store().count(),
            matrix.count(),
            matrix.latency(),
            matrix.rows(),
            matrix.cols(),
            matrix.depth(),
            unit(slots.vector()),
            slots.special().count(),
            slots.special().latency(),
            slots.special().tables(),
            unit(slots.permute()),
            scalar.count(),
            scalar.readPorts(),
            scalar.writePorts(),
            vector.count(),
            vector.widthBytes(),
            vector.readPorts(),
            vector.writePorts(),
            accumulator.count(),
            accumulator.readPorts(),
            accumulator.writePorts(),
            local.capacityBytes(),
            local.banks(),
            local.widthBytes(),
            local.ports(),
            machine.instructionMemory(),
            machine.fetchDepth(),
            machine.loopDepth(),
            machine.transferDepth(),
            dma.widthBytes(),
            dma.outstandingRequests(),
            dma.burstBeats(),
            memory.type(),
            memory.latencyCycles(),
            memory.bytesPerCycle(),
            memory.capacityBytes(),
            ResolvedYaml.number(machine.clockMhz()),
            machine.technology());
  }

  private static String unit(VliwArchitecture.Unit unit) {
    return "{count: %d, latency: %d}".formatted(unit.count(), unit.latency());
  }
}
