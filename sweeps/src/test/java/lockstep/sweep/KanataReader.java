// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a Kanata log, version 0004, and takes nothing that the format's description does not. */
public final class KanataReader {
  /** A stage or a stall from {@code from} to the cycle before {@code to}. */
  public record Span(int lane, String name, long from, long to) {}

  /** One instruction. */
  public static final class Row {
    public final long number;
    public final long begin;
    public String label = "";
    public String details = "";
    public final List<Span> spans = new ArrayList<>();
    public long retired = -1;
    private final Map<Integer, String> open = new HashMap<>();
    private final Map<Integer, Long> since = new HashMap<>();

    Row(long number, long begin) {
      this.number = number;
      this.begin = begin;
    }

    /** The first span of that name, in any lane. */
    public Optional<Span> span(String name) {
      return spans.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    private void end(int lane, long cycle) {
      String name = open.remove(lane);
      if (name != null) {
        long from = since.get(lane);
        assertThat(from).as("stage %s", name).isLessThan(cycle);
        spans.add(new Span(lane, name, from, cycle));
      }
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private long cycle = -1;
  private int retirements;

  private KanataReader() {}

  /** The rows in order; each has retired. */
  public static List<Row> rows(byte[] log) {
    var reader = new KanataReader();
    String text = new String(log, UTF_8);
    assertThat(text).endsWith("\n");
    String[] lines = text.split("\n");
    assertThat(lines[0]).isEqualTo("Kanata\t0004");
    for (int i = 1; i < lines.length; i++) {
      reader.command(lines[i].split("\t", -1));
    }
    assertThat(reader.rows).allSatisfy(row -> assertThat(row.retired).isNotNegative());
    return reader.rows;
  }

  private void command(String[] words) {
    assertThat(cycle >= 0).as("time before %s", words[0]).isEqualTo(!words[0].equals("C="));
    switch (words[0]) {
      case "C=" -> cycle = count(words, 2, 1);
      case "C" -> {
        long cycles = count(words, 2, 1);
        assertThat(cycles).isPositive();
        cycle += cycles;
      }
      case "I" -> {
        assertThat(count(words, 4, 1)).as("numbers in sequence").isEqualTo(rows.size());
        assertThat(count(words, 4, 3)).isZero();
        rows.add(new Row(count(words, 4, 2), cycle));
      }
      case "L" -> {
        Row row = live(words, 4);
        if (count(words, 4, 2) == 0) {
          row.label += words[3];
        } else {
          assertThat(count(words, 4, 2)).isEqualTo(1);
          row.details += words[3];
        }
      }
      case "S" -> {
        Row row = live(words, 4);
        int lane = (int) count(words, 4, 2);
        row.end(lane, cycle);
        row.open.put(lane, words[3]);
        row.since.put(lane, cycle);
      }
      case "E" -> {
        Row row = live(words, 4);
        int lane = (int) count(words, 4, 2);
        assertThat(row.open).containsEntry(lane, words[3]);
        row.end(lane, cycle);
      }
      case "R" -> {
        Row row = live(words, 4);
        assertThat(count(words, 4, 2)).as("retirements in sequence").isEqualTo(retirements++);
        assertThat(count(words, 4, 3)).as("nothing is flushed").isZero();
        List.copyOf(row.open.keySet()).forEach(lane -> row.end(lane, cycle));
        row.retired = cycle;
      }
      default -> throw new AssertionError("no command " + words[0]);
    }
  }

  private Row live(String[] words, int length) {
    Row row = rows.get((int) count(words, length, 1));
    assertThat(row.retired).as("row %s is over", words[1]).isNegative();
    return row;
  }

  private static long count(String[] words, int length, int at) {
    assertThat(words).hasSize(length);
    assertThat(words[at]).matches("\\d+");
    return Long.parseLong(words[at]);
  }
}
