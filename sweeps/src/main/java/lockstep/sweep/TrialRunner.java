// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import lockstep.arch.UserError;
import lockstep.sweep.store.Shard;
import lockstep.sweep.store.TrialStore;
import lockstep.sweep.study.Point;
import lockstep.sweep.trial.Trial;
import lockstep.sweep.trial.TrialState;

/**
 * Runs the trials of a study that its store does not hold yet. Trials run side by side; each is
 * appended to the store before anyone hears of it, and no result depends on the order in which they
 * end.
 */
public final class TrialRunner {
  private TrialRunner() {}

  /** What one trial does. */
  @FunctionalInterface
  public interface Evaluation {
    /**
     * The metrics of a point, by name in the order of the columns.
     *
     * @throws UserError when the machine is not a valid one or cannot hold a model
     */
    Map<String, Double> metrics(Point point);
  }

  /**
   * Runs what is missing.
   *
   * @param threads trials side by side, at least 1
   * @param ended hears of every trial that was run, after it was stored
   * @throws UserError when the store cannot be written
   */
  public static void run(
      List<Candidate> candidates,
      TrialStore store,
      Shard shard,
      Evaluation evaluation,
      int threads,
      Consumer<Trial> ended) {
    var missing = missing(candidates, store, shard);
    try (var pool = Executors.newFixedThreadPool(Math.max(1, threads))) {
      var results = new ExecutorCompletionService<Trial>(pool);
      missing.values().forEach(each -> results.submit(() -> trial(each, evaluation)));
      try {
        for (int i = 0; i < missing.size(); i++) {
          var trial = results.take().get();
          store.append(trial);
          ended.accept(trial);
        }
      } finally {
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  /** The trials that this process has to run: those not stored, each id once. */
  public static Map<String, Candidate> missing(
      List<Candidate> candidates, TrialStore store, Shard shard) {
    var missing = new LinkedHashMap<String, Candidate>();
    for (Candidate each : candidates) {
      if (shard.has(each.index())) {
        missing.putIfAbsent(each.id(), each);
      }
    }
    store.trials().forEach(each -> missing.remove(each.id()));
    return missing;
  }

  private static Trial trial(Candidate candidate, Evaluation evaluation) {
    try {
      return new Trial(
          candidate.id(),
          candidate.point(),
          TrialState.COMPLETE,
          evaluation.metrics(candidate.point()),
          null);
    } catch (UserError e) {
      return new Trial(
          candidate.id(), candidate.point(), TrialState.FAILED, Map.of(), e.getMessage());
    }
  }
}
