// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.sweep.study.Point;
import lockstep.sweep.trial.Trial;
import lockstep.sweep.trial.TrialState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class TrialStoreTest {
  @TempDir Path folder;

  static Trial trial(int k) {
    var metrics = new LinkedHashMap<String, Double>();
    metrics.put("latency_ms", 1.0 / (k + 3));
    metrics.put("cycles", 1e6 + k);
    Map<String, JsonNode> values = Map.of("array.rows", JsonNodeFactory.instance.numberNode(k));
    return new Trial("id" + k, new Point(values), TrialState.COMPLETE, metrics, null);
  }

  @Test
  void readsBackWhatItWrote() {
    var failed =
        new Trial("f", new Point(Map.of()), TrialState.FAILED, Map.of(), "too small:\n\"x\"");
    try (var store = TrialStore.open(folder, Shard.WHOLE)) {
      store.append(trial(1));
      store.append(failed);
    }
    try (var store = TrialStore.open(folder, Shard.WHOLE)) {
      assertThat(store.trials()).containsExactly(trial(1), failed);
      assertThat(store.notes()).isEmpty();
    }
    assertThat(TrialStore.read(folder)).containsExactly(trial(1), failed);
  }

  @Test
  void dropsALineThatWasCutOffAtAnyByte() throws IOException {
    try (var store = TrialStore.open(folder, Shard.WHOLE)) {
      store.append(trial(1));
      store.append(trial(2));
    }
    Path file = folder.resolve("trials.jsonl");
    byte[] whole = Files.readAllBytes(file);
    int first = new String(whole).indexOf('\n') + 1;
    for (int cut = first + 1; cut < whole.length; cut++) {
      Files.write(file, java.util.Arrays.copyOf(whole, cut));
      try (var store = TrialStore.open(folder, Shard.WHOLE)) {
        assertThat(store.trials()).as("cut at %d", cut).containsExactly(trial(1));
        assertThat(store.notes()).hasSize(1);
        store.append(trial(2));
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }
  }

  @Test
  void refusesABrokenLineInTheMiddle() throws IOException {
    try (var store = TrialStore.open(folder, Shard.WHOLE)) {
      store.append(trial(1));
    }
    Path file = folder.resolve("trials.jsonl");
    Files.writeString(file, "{\"id\":\n" + Files.readString(file));
    assertThatThrownBy(() -> TrialStore.open(folder, Shard.WHOLE))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("trials.jsonl:1:1: is not a trial");
  }

  @Test
  void oneProcessAtATime() {
    try (var store = TrialStore.open(folder, Shard.WHOLE)) {
      assertThat(store.trials()).isEmpty();
      assertThatThrownBy(() -> TrialStore.open(folder, Shard.WHOLE))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("another process");
    }
    TrialStore.open(folder, Shard.WHOLE).close();
  }

  @Test
  void shardsWriteTheirOwnFilesAndReadAll() {
    try (var one = TrialStore.open(folder, Shard.parse("1/2"));
        var two = TrialStore.open(folder, Shard.parse("2/2"))) {
      one.append(trial(1));
      two.append(trial(2));
    }
    try (var all = TrialStore.open(folder, Shard.WHOLE)) {
      assertThat(all.trials()).containsExactly(trial(1), trial(2));
    }
    assertThat(folder.resolve("trials.2.jsonl")).exists();
    assertThatThrownBy(() -> Shard.parse("3/2")).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> Shard.parse("x")).isInstanceOf(UserError.class);
  }

  @Test
  void anUnwritablePlaceIsTheUsersToRepair() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> TrialStore.open(file, Shard.WHOLE)).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> AtomicFile.write(file.resolve("x/y"), "text"))
        .isInstanceOf(UserError.class);
    assertThatThrownBy(() -> TrialStore.read(folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("not the folder of a study");
  }
}
