// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.vliw.Move.Loop;
import lockstep.compiler.vliw.Move.Vector;
import lockstep.compiler.vliw.Move.What;

/**
 * Finds loops in a list of moves: runs of the same moves whose places are the same distances apart
 * become one, and runs of these again.
 */
final class Repeats {
  private static final int LONGEST_ROUND = 16;
  private static final int MANY_ROUNDS = 4;
  private static final int VECTORS_OF_ROUND = 4;

  private final Map<What, What> known = new HashMap<>();

  /** Rounds of a number of moves each that follow a move. */
  private record Run(int length, int rounds) {
    int moves() {
      return length * rounds;
    }
  }

  /** The one object of all that are equal. */
  What one(What what) {
    return known.computeIfAbsent(what, w -> w);
  }

  /**
   * The same moves in the same order.
   *
   * @param moves whose {@link #one} is each of them
   */
  List<Move> of(List<Move> moves) {
    List<Move> folded = moves;
    int before;
    do {
      before = folded.size();
      folded = fold(folded);
    } while (folded.size() < before);
    return folded;
  }

  private List<Move> fold(List<Move> moves) {
    List<Move> folded = new ArrayList<>();
    for (int i = 0; i < moves.size(); ) {
      Run run = run(moves, i);
      folded.add(run.rounds() > 1 ? loop(moves, i, run) : moves.get(i));
      i += run.moves();
    }
    return folded;
  }

  /** The shortest rounds of which there are many, else those that reach the farthest. */
  private Run run(List<Move> moves, int first) {
    Run best = new Run(1, 1);
    for (int length = 1; length <= LONGEST_ROUND; length++) {
      Run run = new Run(length, rounds(moves, first, length));
      boolean vectors = vectors(moves.subList(first, Math.min(first + length, moves.size())));
      if (run.rounds() >= MANY_ROUNDS) {
        return vectors ? unrolled(run) : run;
      }
      boolean worth = !vectors || run.moves() >= LONGEST_ROUND;
      if (run.rounds() > 1 && worth && run.moves() > best.moves()) {
        best = run;
      }
    }
    return best;
  }

  private static boolean vectors(List<Move> moves) {
    return moves.stream().allMatch(m -> m.what() instanceof Vector);
  }

  private static Run unrolled(Run run) {
    Run longer = run;
    while (longer.length() * 2 <= VECTORS_OF_ROUND && longer.rounds() / 2 >= MANY_ROUNDS) {
      longer = new Run(longer.length() * 2, longer.rounds() / 2);
    }
    return longer;
  }

  private static int rounds(List<Move> moves, int first, int length) {
    if (first + 2 * length > moves.size()) {
      return 1;
    }
    long[] step = step(moves, first, length);
    int rounds = 1;
    while (first + (rounds + 1) * length <= moves.size()
        && follows(moves, first + rounds * length, length, step)) {
      rounds++;
    }
    return rounds;
  }

  private static boolean follows(List<Move> moves, int from, int length, long[] step) {
    for (int i = from; i < from + length; i++) {
      Move before = moves.get(i - length);
      Move next = moves.get(i);
      if (before.what() != next.what()) {
        return false;
      }
      for (int p = 0; p < step.length; p++) {
        if (next.uses(p) && next.at().get(p) - before.at().get(p) != step[p]) {
          return false;
        }
      }
    }
    return true;
  }

  /** What each pointer moves from the first round to the second; 0 for those that none uses. */
  private static long[] step(List<Move> moves, int first, int length) {
    long[] step = new long[moves.get(first).at().size()];
    for (int i = first + length - 1; i >= first; i--) {
      Move before = moves.get(i);
      Move next = moves.get(i + length);
      for (int p = 0; p < step.length; p++) {
        if (before.uses(p) && next.uses(p)) {
          step[p] = next.at().get(p) - before.at().get(p);
        }
      }
    }
    return step;
  }

  private Move loop(List<Move> moves, int first, Run run) {
    Move round = together(moves.subList(first, first + run.length()));
    List<Long> step = new ArrayList<>();
    for (long each : step(moves, first, run.length())) {
      step.add(each);
    }
    List<Move> body = ((Loop) round.what()).body();
    return new Move(one(new Loop(body, run.rounds(), step)), round.at());
  }

  /** One round of some moves: each pointer begins where it is needed first. */
  static Move together(List<Move> moves) {
    List<Long> begin = new ArrayList<>();
    for (int p = 0; p < moves.getFirst().at().size(); p++) {
      int pointer = p;
      begin.add(
          moves.stream()
              .filter(m -> m.uses(pointer))
              .map(m -> m.at().get(pointer))
              .findFirst()
              .orElse(Move.UNUSED));
    }
    List<Move> body = new ArrayList<>();
    for (Move each : moves) {
      List<Long> at = new ArrayList<>();
      for (int p = 0; p < begin.size(); p++) {
        at.add(each.uses(p) ? each.at().get(p) - begin.get(p) : Move.UNUSED);
      }
      body.add(new Move(each.what(), at));
    }
    return new Move(new Loop(body, 1, Collections.nCopies(begin.size(), 0L)), begin);
  }
}
