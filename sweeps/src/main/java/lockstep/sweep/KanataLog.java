// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes a pipeline log in the format Kanata, version 0004, which the viewer Konata opens: a row
 * for each instruction, stages in it from left to right, cycle by cycle.
 *
 * <p>Rows are added in order; none begins before the one above it. Source: the format's description
 * in shioyadan/Konata, docs/kanata-log-format.md.
 */
public final class KanataLog {
  private static final int STAGES = 0;
  private static final int STALLS = 1;
  private static final int NONE = -1;

  /** {@code row} is that of an instruction that retires: its number follows from the order. */
  private record Event(long cycle, String text, int row) {}

  private final List<Event> events = new ArrayList<>();
  private long lastBegin;
  private int rows;

  /**
   * A log of cycles from {@code first} on.
   *
   * @param first cycle before which nothing is shown
   */
  public KanataLog(long first) {
    lastBegin = first;
  }

  /** One instruction; its stages are given from left to right. */
  public final class Row {
    private final int id = rows++;
    private final long begin;
    private long shown;

    private Row(long number, long cycle, String label, String details) {
      begin = Math.max(lastBegin, cycle);
      lastBegin = begin;
      shown = begin;
      event(begin, "I\t%d\t%d\t0".formatted(id, number));
      event(begin, "L\t%d\t0\t%s".formatted(id, plain(label)));
      event(begin, "L\t%d\t1\t%s".formatted(id, plain(details)));
    }

    /** A stage from {@code from} to the cycle before {@code to}, if there are any to be shown. */
    public Row stage(String name, long from, long to) {
      if (to > Math.max(shown, from)) {
        shown = Math.max(shown, from);
        event(shown, "S\t%d\t%d\t%s".formatted(id, STAGES, name));
      }
      return this;
    }

    /** The same of a reason why it stands still, shown over the stages. */
    public Row stall(String reason, long from, long to) {
      long start = Math.max(begin, from);
      if (to > start) {
        event(start, "S\t%d\t%d\t%s".formatted(id, STALLS, reason));
        event(to, "E\t%d\t%d\t%s".formatted(id, STALLS, reason));
      }
      return this;
    }

    /** It is done before {@code cycle}. */
    public void retire(long cycle) {
      events.add(new Event(cycle, "", id));
    }
  }

  /**
   * Begins a row.
   *
   * @param number of the instruction in its program
   * @param cycle in which it is first seen; the row begins no earlier than the one above it
   * @param label beside the row
   * @param details shown with it on demand
   */
  public Row row(long number, long cycle, String label, String details) {
    return new Row(number, cycle, label, details);
  }

  private void event(long cycle, String text) {
    events.add(new Event(cycle, text, NONE));
  }

  /** Tabs and ends of lines would be the format's own. */
  private static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** The log. */
  public byte[] bytes() {
    StringBuilder text = new StringBuilder("Kanata\t0004\n");
    long cycle = -1;
    int retired = 0;
    events.sort(Comparator.comparingLong(Event::cycle));
    for (Event event : events) {
      if (cycle < 0) {
        text.append("C=\t%d\n".formatted(event.cycle()));
      } else if (event.cycle() > cycle) {
        text.append("C\t%d\n".formatted(event.cycle() - cycle));
      }
      cycle = event.cycle();
      boolean retires = event.row() != NONE;
      text.append(retires ? "R\t%d\t%d\t0".formatted(event.row(), retired++) : event.text());
      text.append('\n');
    }
    return text.toString().getBytes(UTF_8);
  }
}
