// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lockstep.compiler.program.Program.Stripes;
import lockstep.sweep.Candidate;
import lockstep.sweep.StudyResults;
import lockstep.sweep.design.Design;
import lockstep.sweep.design.Evidence;
import lockstep.sweep.run.Account;
import lockstep.sweep.run.KernelRun;
import lockstep.sweep.run.LayerRun;
import lockstep.sweep.run.Metrics;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.study.Constraint;
import lockstep.sweep.study.Method;
import lockstep.sweep.study.Objective;
import lockstep.sweep.study.Parameter;
import lockstep.sweep.study.Point;
import lockstep.sweep.study.Study;
import lockstep.sweep.trial.Trial;
import lockstep.sweep.trial.TrialState;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A study of imagined arrays whose layers take their compute or their transfer time, whichever is
 * longer; names carry characters that a page must escape.
 */
final class ExampleStudy {
  static final String HOSTILE = "<script>alert('&\"')</script>";

  private ExampleStudy() {}

  static Report report() {
    var study =
        new Study(
            "example",
            Method.GRID,
            List.of("net_a", "net_b"),
            List.of(Objective.LATENCY, Objective.ENERGY, Objective.AREA),
            List.of(
                parameter("array.rows", 4, 8, 16, 32),
                parameter("array.cols", 4, 8, 16, 32),
                parameter("memory.bytes_per_cycle", 4, 16)),
            List.of(Constraint.parse("area_mm2 <= 4")),
            1000,
            1,
            true);
    var candidates = new ArrayList<Candidate>();
    var trials = new ArrayList<Trial>();
    for (Point point : study.points()) {
      var id = String.format("%020d", candidates.size());
      candidates.add(new Candidate(candidates.size(), point, id));
      trials.add(trial(id, point));
    }
    var results = StudyResults.of(study, candidates, trials);
    var designs =
        results.front().stream()
            .map(row -> design(row.index(), row.trial().id(), row.trial().point()))
            .toList();
    var evidence = new ArrayList<Evidence>();
    for (int index : results.recommended().keySet()) {
      evidence.add(
          new Evidence("t", index, "net_a", Evidence.Kind.RTL_VERIFIED, 1234567, "equal", "v"));
      evidence.add(
          new Evidence(
              "t", index, "net_b", Evidence.Kind.SIMULATED, 99, "verilator is not installed", "v"));
    }
    var environment = new LinkedHashMap<String, String>();
    environment.put("tool", "Lockstep 0.1.0");
    environment.put("host", HOSTILE);
    return new Report(results, designs, evidence, environment);
  }

  private static Trial trial(String id, Point point) {
    if (value(point, "array.rows") == 4 && value(point, "array.cols") == 32) {
      return new Trial(
          id, point, TrialState.FAILED, Map.of(), "layer " + HOSTILE + " does not fit");
    }
    return new Trial(
        id,
        point,
        TrialState.COMPLETE,
        Metrics.of(runs(point), design(0, id, point).areaMm2()),
        null);
  }

  private static Design design(int index, String id, Point point) {
    double macs = value(point, "array.rows") * value(point, "array.cols");
    return new Design(
        index,
        id,
        "name: " + HOSTILE + "\n",
        runs(point),
        List.of(
            new ModelRun.Part("array", macs, "cells", 2600, "a table, 45 nm", false),
            new ModelRun.Part("scratchpad", 4, "banks", 1e5, "another table, 45 nm", true)));
  }

  private static List<ModelRun> runs(Point point) {
    return List.of(run("net_a", point, 3), run("net_b", point, 1));
  }

  private static ModelRun run(String model, Point point, int scale) {
    long peak = (long) value(point, "array.rows") * value(point, "array.cols");
    long bandwidth = value(point, "memory.bytes_per_cycle");
    var layers = new ArrayList<LayerRun>();
    long cycles = 0;
    long bytes = 0;
    long macs = 0;
    for (int i = 0; i < 9; i++) {
      long work = scale * 200_000L * (i + 1);
      long moved = scale * 9_000L * (9 - i);
      long compute = work / peak + 100;
      long transfer = moved / bandwidth;
      long took = Math.max(compute, transfer) + 300;
      var stalls = new LinkedHashMap<String, Long>();
      stalls.put("load.busy", transfer);
      stalls.put("execute.busy", compute);
      stalls.put("execute.weights", 100L);
      stalls.put("execute.token_load", took - compute - 100);
      var name = i == 4 ? HOSTILE : "conv_" + i;
      layers.add(
          new LayerRun(
              name,
              work,
              took,
              Math.max(compute, transfer),
              compute > transfer ? "compute" : "bandwidth",
              "ws 8x8",
              i == 3 ? "input, output" : "",
              "best of 1",
              i == 2 || i == 3 ? new Stripes(1, 4, 5000, 20_000, 700) : Stripes.NONE,
              moved * 2 / 3,
              moved - moved * 2 / 3,
              moved * 4 / 5,
              work * 0.3 + moved * 80,
              stalls));
      cycles += took;
      bytes += moved;
      macs += work;
    }
    return new ModelRun(
        model,
        cycles,
        500,
        macs,
        peak,
        bandwidth,
        bytes,
        bytes / 9,
        bytes / 50,
        layers,
        Map.of("cycles", cycles),
        List.of(
            new ModelRun.Part(
                "array.macs", macs, "multiply-accumulates", 0.3, "a table, 45 nm", false),
            new ModelRun.Part("dram.reads", bytes, "bytes", 80.0, "another table", true),
            new ModelRun.Part(
                "leakage.array", cycles, "cycles", peak * 0.02, "a third table", false)),
        List.of(new ModelRun.HostStep("softmax", "the machine has no exponential", 1, 0)),
        List.of(new ModelRun.MemoryUse("scratchpad", 31000, 65536)),
        List.of("calibrated on 8 seeded inputs"),
        new Account("array", "execute", "execute.busy", Map.of("execute.busy", "computing")),
        List.of(
            new KernelRun(
                "conv_1",
                "tile",
                6,
                5,
                "load slots",
                1,
                12,
                3,
                List.of(new KernelRun.RegisterUse("vector", 14, 32)),
                0.75)));
  }

  private static int value(Point point, String path) {
    JsonNode node = point.values().get(path);
    if (node == null) {
      throw new IllegalArgumentException(path);
    }
    return node.intValue();
  }

  private static Parameter parameter(String path, int... values) {
    return new Parameter(
        path,
        new Parameter.Values(
            IntStream.of(values)
                .mapToObj(v -> (JsonNode) JsonNodeFactory.instance.numberNode(v))
                .toList()));
  }
}
