// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A software-pipelined loop of a compiled model.
 *
 * @param interval bundles from the start of a round to that of the next
 * @param bound lower bound on that
 * @param boundBy what the bound is from
 * @param recurrenceBound the bound from results that later rounds need alone
 * @param rounds in one visit
 * @param stages rounds that are under way at a time
 * @param registers used, by file
 * @param peakShare share of the multiply-accumulates that the matrix unit could do in the steady
 *     state
 */
public record KernelRun(
    String layer,
    String name,
    int interval,
    int bound,
    String boundBy,
    int recurrenceBound,
    long rounds,
    int stages,
    List<RegisterUse> registers,
    double peakShare) {

  /** Registers of a file that a loop uses, of those that there are. */
  public record RegisterUse(String file, int used, int available) {}

  /** The registers in words, for example {@code vector 14 of 32}. */
  public String registersText() {
    return registers.stream()
        .map(each -> "%s %d of %d".formatted(each.file(), each.used(), each.available()))
        .collect(Collectors.joining(", "));
  }

  /** Whether no schedule could be shorter. */
  public boolean atBound() {
    return interval == bound;
  }
}
