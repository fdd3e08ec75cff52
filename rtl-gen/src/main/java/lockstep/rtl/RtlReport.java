// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lockstep.compiler.program.Program;
import lockstep.sim.RunResult;
import org.jspecify.annotations.Nullable;

/**
 * What the test bench writes, one fact a line.
 *
 * <pre>
 *   cycles N            total, or until the machine was stopped
 *   retire UNIT C C ..  the cycles in which the unit retired
 *   stopped WHY         only of a machine that was stopped
 *   status BITS         the status register at the end; not of a machine that was stopped
 *   counter KEY N       each counter; not of a machine that was stopped
 * </pre>
 */
final class RtlReport {
  private static final int STATUS_FAULT = 4;

  private final String fault;
  private final Map<String, Long> counters = new LinkedHashMap<>();
  private final Map<String, Deque<Long>> retired = new LinkedHashMap<>();
  private long cycles;
  private @Nullable String complaint;
  private boolean stopped;

  private RtlReport(String fault) {
    this.fault = fault;
  }

  static RtlRun read(String text, byte @Nullable [] memory, Program program, Generator generator) {
    var report = new RtlReport(generator.fault());
    text.lines().forEach(report::line);
    long[] retire = report.retire(generator.instructions(program), program.instructionCount());
    return new RtlRun(
        new RunResult(report.cycles, retire, report.counters, memory),
        Optional.ofNullable(report.complaint));
  }

  private void line(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "cycles" -> cycles = Long.parseLong(words[1]);
      case "counter" -> counters.put(words[1], Long.parseLong(words[2]));
      case "retire" -> {
        Deque<Long> times = new ArrayDeque<>();
        Arrays.stream(words).skip(2).map(Long::valueOf).forEach(times::add);
        retired.put(words[1], times);
      }
      case "stopped" -> {
        stopped = true;
        complaint = line.substring("stopped ".length());
      }
      case "status" -> {
        if ((Integer.parseInt(words[1]) & STATUS_FAULT) != 0) {
          complaint = "reports a fault: " + fault;
        }
      }
      default -> throw new IllegalStateException("result line " + line);
    }
  }

  /** Each unit retires in order, so its k-th retirement is its k-th instruction. */
  private long[] retire(Instructions instructions, int count) {
    long[] retire = new long[count];
    int missing = 0;
    for (int i = 0; i < retire.length; i++) {
      Optional<String> unit = instructions.unit(i);
      Long cycle =
          unit.isEmpty()
              ? stopped ? null : Long.valueOf(cycles - 1)
              : Objects.requireNonNull(retired.get(unit.get())).poll();
      retire[i] = cycle == null ? Divergence.NEVER : cycle;
      missing += cycle == null ? 1 : 0;
    }
    int surplus = retired.values().stream().mapToInt(Deque::size).sum();
    if (missing > 0) {
      complain("%d of %d instructions retired".formatted(retire.length - missing, retire.length));
    }
    if (surplus > 0) {
      complain("%d more retirements than instructions".formatted(surplus));
    }
    return retire;
  }

  private void complain(String what) {
    complaint = complaint == null ? "ends with " + what : complaint + "; " + what;
  }
}
