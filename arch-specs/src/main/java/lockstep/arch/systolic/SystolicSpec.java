// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.systolic;

import java.util.Locale;
import java.util.stream.Collectors;
import lockstep.arch.Mistakes;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.TreeReader;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.ObjectNode;

/** The text form of a systolic machine: from a checked tree to the record, and back to YAML. */
public final class SystolicSpec {
  private static final ObjectReader READER = TreeReader.of(SystolicArchitecture.class);

  private SystolicSpec() {}

  /**
   * Makes the record.
   *
   * @param tree a machine that keeps to the schema, the schema's defaults filled in; gets the
   *     defaults that follow from other values
   * @param mistakes gets the conditions between values that do not hold
   */
  public static SystolicArchitecture bind(ObjectNode tree, Mistakes mistakes) {
    int rows = tree.at("/array/rows").intValue();
    int cols = tree.at("/array/cols").intValue();
    fill(tree, "scratchpad", "width_bytes", Math.max(rows, cols));
    fill(tree, "accumulator", "width_bytes", 4 * cols);
    fill(tree, "post_processing", "lanes", cols);
    tree.remove("family");
    SystolicArchitecture architecture = READER.readValue(tree);
    SystolicConditions.check(architecture, mistakes);
    return architecture;
  }

  private static void fill(ObjectNode tree, String group, String key, int value) {
    var object = (ObjectNode) tree.get(group);
    if (!object.has(key)) {
      object.put(key, value);
    }
  }

  /** The canonical YAML: see {@link ResolvedYaml}. */
  public static String yaml(SystolicArchitecture machine) {
    var array = machine.array();
    var scratchpad = machine.scratchpad();
    var accumulator = machine.accumulator();
    var post = machine.postProcessing();
    var dma = machine.dma();
    var queues = machine.queues();
    var memory = machine.memory();
    var dataflows =
        array.dataflows().stream()
            .sorted()
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return """
    family: systolic
    name: %s
    array:
      rows: %d
      cols: %d
      dataflows: [%s]
    scratchpad:
      capacity_bytes: %d
      banks: %d
      width_bytes: %d
    accumulator:
      capacity_bytes: %d
      banks: %d
      width_bytes: %d
    post_processing:
      lanes: %d
      parameter_rows: %d
    dma:
      width_bytes: %d
      outstanding_requests: %d
      burst_beats: %d
    queues:
      unit_depth: %d
      fetch_depth: %d
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
            array.rows(),
            array.cols(),
            dataflows,
            scratchpad.capacityBytes(),
            scratchpad.banks(),
            scratchpad.widthBytes(),
            accumulator.capacityBytes(),
            accumulator.banks(),
            accumulator.widthBytes(),
            post.lanes(),
            post.parameterRows(),
            dma.widthBytes(),
            dma.outstandingRequests(),
            dma.burstBeats(),
            queues.unitDepth(),
            queues.fetchDepth(),
            memory.type(),
            memory.latencyCycles(),
            memory.bytesPerCycle(),
            memory.capacityBytes(),
            ResolvedYaml.number(machine.clockMhz()),
            machine.technology());
  }
}
