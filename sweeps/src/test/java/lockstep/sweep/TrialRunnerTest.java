// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lockstep.arch.UserError;
import lockstep.sweep.store.Shard;
import lockstep.sweep.store.TrialStore;
import lockstep.sweep.study.Constraint;
import lockstep.sweep.study.Method;
import lockstep.sweep.study.Objective;
import lockstep.sweep.study.Parameter;
import lockstep.sweep.study.Point;
import lockstep.sweep.study.Study;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class TrialRunnerTest {
  @TempDir Path folder;

  private static final Study STUDY =
      new Study(
          "s",
          Method.GRID,
          List.of("m"),
          List.of(Objective.LATENCY, Objective.AREA),
          List.of(parameter("rows", 1, 2, 3, 4, 8), parameter("cols", 1, 2, 4, 9)),
          List.of(Constraint.parse("area_mm2 <= 20")),
          1000,
          1,
          true);

  private static Parameter parameter(String path, int... values) {
    return new Parameter(
        path,
        new Parameter.Values(
            IntStream.of(values)
                .mapToObj(v -> (JsonNode) JsonNodeFactory.instance.numberNode(v))
                .toList()));
  }

  private static List<Candidate> candidates() {
    var candidates = new ArrayList<Candidate>();
    for (Point each : STUDY.points()) {
      candidates.add(new Candidate(candidates.size(), each, "id " + each));
    }
    return candidates;
  }

  /** A machine of rows x cols MACs: time falls, area grows, and one size cannot be built. */
  private static Map<String, Double> metrics(Point point) {
    int rows = point.values().get("rows").intValue();
    int cols = point.values().get("cols").intValue();
    if (rows == 3) {
      throw new UserError("3 rows cannot hold layer \"a,b\"");
    }
    var metrics = new LinkedHashMap<String, Double>();
    metrics.put("latency_ms", 100.0 / (rows * cols) + 1 / 3.0);
    metrics.put("area_mm2", rows * cols / 3.0 + rows);
    return metrics;
  }

  private String results(Path store, int threads, Shard... shards) {
    for (Shard shard : shards) {
      try (var open = TrialStore.open(store, shard)) {
        TrialRunner.run(candidates(), open, shard, TrialRunnerTest::metrics, threads, trial -> {});
      }
    }
    try (var all = TrialStore.open(store, Shard.WHOLE)) {
      var results = StudyResults.of(STUDY, candidates(), all.trials());
      return ResultTables.results(results) + ResultTables.pareto(results, Map.of());
    }
  }

  @Test
  void theSameBytesWhateverTheThreadsShardsAndInterruptions() {
    var expected = results(folder.resolve("a"), 1, Shard.WHOLE);
    assertThat(expected.lines().count()).isGreaterThan(21);
    assertThat(results(folder.resolve("b"), 4, Shard.WHOLE)).isEqualTo(expected);
    assertThat(results(folder.resolve("c"), 2, Shard.parse("2/3"), Shard.parse("1/3"), Shard.WHOLE))
        .isEqualTo(expected);

    var random = new SplittableRandom(3);
    for (int round = 0; round < 5; round++) {
      Path store = folder.resolve("d" + round);
      int stopAfter = random.nextInt(1, 20);
      var ended = new ArrayList<String>();
      try (var open = TrialStore.open(store, Shard.WHOLE)) {
        TrialRunner.run(
            candidates(),
            open,
            Shard.WHOLE,
            TrialRunnerTest::metrics,
            2,
            trial -> {
              ended.add(trial.id());
              if (ended.size() == stopAfter) {
                throw new IllegalStateException("stopped");
              }
            });
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("stopped");
      }
      assertThat(TrialStore.read(store)).hasSize(stopAfter);
      assertThat(results(store, 2, Shard.WHOLE)).as("round %d, seed 3", round).isEqualTo(expected);
    }
  }

  @Test
  void aStoredTrialIsNotRunAgain() {
    results(folder, 2, Shard.WHOLE);
    try (var open = TrialStore.open(folder, Shard.WHOLE)) {
      TrialRunner.run(
          candidates(),
          open,
          Shard.WHOLE,
          point -> {
            throw new AssertionError("ran " + point);
          },
          2,
          trial -> {});
    }
  }

  @Test
  void failuresAndConstraintsKeepATrialOffTheFront() {
    var text = results(folder, 2, Shard.WHOLE);
    assertThat(text).contains("FAILED,false,false,3,1,,,\"3 rows cannot hold layer \"\"a,b\"\"\"");
    assertThat(text).contains("does not meet area_mm2 <= 20");
    try (var open = TrialStore.open(folder, Shard.WHOLE)) {
      var results = StudyResults.of(STUDY, candidates(), open.trials());
      assertThat(results.front()).allMatch(StudyResults.Row::feasible).isNotEmpty();
      assertThat(results.recommended()).containsValue("least area").hasSizeBetween(2, 3);
      assertThat(results.hypervolume()).isBetween(0.0, 1.0).isNotZero();
    }
  }
}
