// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lockstep.arch.SpecLoader;
import lockstep.arch.vliw.VliwArchitecture;

/** Machines for tests, of every shape that the generator treats differently. */
final class VliwMachines {
  private VliwMachines() {}

  /** One of the files of the repository. */
  static VliwArchitecture file(String name, String... overrides) {
    return (VliwArchitecture)
        SpecLoader.load(Path.of("../arch-specs", name + ".yaml"), List.of(overrides))
            .architecture();
  }

  /** Vectors of 8 bytes, one slot of a kind, a matrix unit of 2 x 4 x 4. */
  static VliwArchitecture small(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "slots.scalar.count=1",
                "slots.load.count=1",
                "slots.vector.count=1",
                "slots.special.tables=1",
                "slots.matrix.rows=2",
                "slots.matrix.cols=4",
                "slots.matrix.depth=4",
                "registers.scalar.count=8",
                "registers.vector.count=12",
                "registers.vector.width_bytes=8",
                "registers.accumulator.count=2",
                "local_memory.capacity_bytes=1024",
                "local_memory.banks=2",
                "local_memory.width_bytes=4",
                "local_memory.ports=1",
                "instruction_memory=16",
                "fetch_depth=8",
                "loop_depth=2",
                "transfer_depth=2",
                "dma.width_bytes=8",
                "dma.outstanding_requests=2",
                "dma.burst_beats=2",
                "memory.capacity_bytes=1048576"));
    all.addAll(Arrays.asList(overrides));
    return file("npu", all.toArray(String[]::new));
  }

  static List<VliwArchitecture> all() {
    return List.of(
        small(),
        small(
            "slots.scalar.latency=3",
            "slots.load.latency=2",
            "slots.matrix.latency=1",
            "slots.vector.latency=1",
            "slots.special.count=0",
            "slots.permute.count=0",
            "local_memory.banks=1",
            "local_memory.width_bytes=8",
            "local_memory.capacity_bytes=1000",
            "loop_depth=1",
            "transfer_depth=1",
            "dma.outstanding_requests=1",
            "dma.burst_beats=1"),
        small(
            "slots.scalar.count=4",
            "slots.load.count=4",
            "slots.load.latency=16",
            "slots.store.count=2",
            "slots.matrix.count=4",
            "slots.vector.count=4",
            "slots.special.count=2",
            "slots.special.latency=1",
            "slots.special.tables=8",
            "slots.permute.count=2",
            "slots.permute.latency=1",
            "registers.vector.width_bytes=16",
            "registers.accumulator.count=1",
            "slots.matrix.rows=4",
            "local_memory.ports=2",
            "local_memory.banks=64",
            "local_memory.capacity_bytes=1536",
            "instruction_memory=17",
            "loop_depth=8",
            "transfer_depth=16"),
        small(
            "registers.vector.width_bytes=64",
            "slots.matrix.rows=16",
            "slots.matrix.cols=16",
            "local_memory.banks=4",
            "local_memory.width_bytes=32",
            "local_memory.ports=2",
            "local_memory.capacity_bytes=4096",
            "dma.width_bytes=128",
            "dma.burst_beats=32"),
        file("npu"),
        file("npu-aie-like"));
  }
}
