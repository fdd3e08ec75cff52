// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.vliw.VliwRun;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.run.KernelRun;
import lockstep.sweep.run.LayerRun;
import lockstep.sweep.run.ModelRun;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VliwModelRunTest {
  private final lockstep.arch.vliw.VliwArchitecture machine = HandProgram.machine();
  private final VliwRun run = VliwSimulator.run(machine, HandProgram.of(machine), false);

  private ModelRun modelRun() {
    var kernel =
        new KernelRun(
            "multiply",
            "products",
            2,
            2,
            "matrix slots",
            1,
            10,
            1,
            List.of(new KernelRun.RegisterUse("vector", 3, 24)),
            0.5);
    return VliwModelRun.of(
        machine, "hand", HandProgram.model(machine), List.of(run), List.of(kernel), List.of("n"));
  }

  @Test
  void theAccountOfIssueSumsToTheCyclesOfEachLayer() {
    var model = modelRun();
    assertThat(model.layers()).hasSize(2);
    for (LayerRun layer : model.layers()) {
      assertThat(layer.stalls().values().stream().mapToLong(each -> each).sum())
          .isEqualTo(layer.cycles());
      assertThat(model.account().of(layer)).isEqualTo(layer.stalls());
    }
    assertThat(model.layers().stream().mapToLong(LayerRun::cycles).sum())
        .isEqualTo(model.cycles())
        .isEqualTo(run.result().cycles());
    assertThat(model.layers().get(1).stalls().get("issue.wait")).isPositive();
    assertThat(model.account().word("issue.wait")).isEqualTo("waiting for transfers");
  }

  @Test
  void whatItSaysOfTheMachineFollowsFromIt() {
    var model = modelRun();
    assertThat(model.peakMacsPerCycle()).isEqualTo(256);
    assertThat(model.utilisation()).isEqualTo(5000.0 / 256 / model.cycles());
    assertThat(model.dramReadBytes()).isEqualTo(1024 + fetchedBytes());
    assertThat(model.dramWriteBytes()).isEqualTo(1024);
    assertThat(model.instructionBytes())
        .isEqualTo(HandProgram.of(machine).segments().getFirst().bytes().length);
    long bundle = VliwIsa.of(machine).bytes();
    assertThat(model.memory())
        .containsExactly(
            new ModelRun.MemoryUse("local memory", 1024, machine.localMemory().capacityBytes()),
            new ModelRun.MemoryUse(
                "instruction memory, by a loop", 7 * bundle, machine.instructionMemory() * bundle),
            new ModelRun.MemoryUse("off-chip memory", 32768, machine.memory().capacityBytes()));
  }

  /** Whole groups of entries, as fetch asks for them. */
  private long fetchedBytes() {
    long beats = run.result().counters().get("read_beats");
    return beats * machine.dma().widthBytes() - 1024;
  }

  @Test
  void theTraceShowsLayersLoopsAndTransfers() {
    var program = HandProgram.of(machine);
    byte[] json = VliwTrace.json(machine, List.of(program), List.of(run));
    var events =
        JsonMapper.builder()
            .build()
            .readTree(new String(json, StandardCharsets.UTF_8))
            .path("traceEvents");
    assertThat(spans(events, 1))
        .extracting(e -> e.path("name").stringValue())
        .containsExactly("multiply", "out");
    var loops = spans(events, 2);
    assertThat(loops).hasSize(2);
    assertThat(loops.getFirst().path("args").path("rounds").intValue()).isEqualTo(8);
    assertThat(loops.get(1).path("args").path("visits").intValue()).isEqualTo(8);
    assertThat(loops.get(1).path("tid").intValue()).isEqualTo(1);
    var in = spans(events, 3).getFirst();
    var time = run.transfers().getFirst();
    assertThat(in.path("ts").longValue()).isEqualTo(time.begin());
    assertThat(in.path("dur").longValue()).isEqualTo(time.finish() + 1 - time.begin());
    assertThat(in.path("args").path("bytes").intValue()).isEqualTo(1024);
    assertThat(spans(events, 4)).hasSize(1);
    var counters =
        StreamSupport.stream(events.spliterator(), false)
            .filter(e -> e.path("ph").stringValue().equals("C"))
            .toList();
    assertThat(counters).hasSize(3);
    assertThat(counters.get(1).path("args").path("wait").doubleValue()).isPositive();
  }

  private static List<JsonNode> spans(JsonNode events, int track) {
    return StreamSupport.stream(events.spliterator(), false)
        .filter(e -> e.path("ph").stringValue().equals("X"))
        .filter(e -> e.path("pid").intValue() == track)
        .toList();
  }
}
