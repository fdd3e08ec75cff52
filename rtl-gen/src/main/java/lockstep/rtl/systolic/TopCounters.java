// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.rtl.port.Counter;
import lockstep.rtl.port.Counters;

/**
 * The performance counters in {@link Top}, with the event that each of them counts. Every cycle of
 * a unit is one event of its account.
 */
final class TopCounters {
  private static final int READ_BEATS_BITS = 16;

  private TopCounters() {}

  /** The counters in the order of their enumeration. */
  static final List<Counter> ALL =
      Stream.of(SystolicCounter.values()).map(TopCounters::counter).toList();

  static String text() {
    EnumMap<SystolicCounter, String> expressions = events();
    Map<Counter, String> events = new LinkedHashMap<>();
    for (SystolicCounter c : SystolicCounter.values()) {
      String expression = expressions.get(c);
      if (expression == null) {
        throw new IllegalStateException("no event for counter " + c.key());
      }
      events.put(counter(c), expression);
    }
    return Counters.instance(events);
  }

  private static Counter counter(SystolicCounter c) {
    return new Counter(c.key(), c.meaning(), c == SystolicCounter.READ_BEATS ? READ_BEATS_BITS : 1);
  }

  private static EnumMap<SystolicCounter, String> events() {
    EnumMap<SystolicCounter, String> e = new EnumMap<>(SystolicCounter.class);
    e.put(SystolicCounter.CYCLES, "1'b1");
    e.put(SystolicCounter.INSTRUCTIONS, "dispatched");
    e.put(SystolicCounter.DISPATCH_BUSY, "dispatched");
    e.put(SystolicCounter.DISPATCH_QUEUE, "dispatch_waits_for_queue");
    e.put(SystolicCounter.DISPATCH_DRAIN, "dispatch_drains");
    e.put(SystolicCounter.DISPATCH_FETCH, "dispatch_waits_for_fetch");
    e.put(SystolicCounter.LOAD_BUSY, "fill_emit");
    e.put(SystolicCounter.LOAD_MEMORY, "fill_active && !fill_emit");
    e.put(
        SystolicCounter.LOAD_START,
        "!fill_active && (load_underway || (!load_empty && !load_short_of_execute &&"
            + " !load_short_of_store))");
    e.put(
        SystolicCounter.LOAD_TOKEN_EXECUTE,
        "!fill_active && !load_underway && !load_empty && load_short_of_execute");
    e.put(
        SystolicCounter.LOAD_TOKEN_STORE,
        "!fill_active && !load_underway && !load_empty && !load_short_of_execute &&"
            + " load_short_of_store");
    e.put(SystolicCounter.LOAD_IDLE, "!fill_active && !load_underway && load_empty");
    e.put(SystolicCounter.EXECUTE_BUSY, "stream_busy");
    e.put(SystolicCounter.EXECUTE_SHORT_TILE, "stream_short_tile");
    e.put(SystolicCounter.EXECUTE_WEIGHTS, "stream_waits_for_weights");
    e.put(
        SystolicCounter.EXECUTE_TOKEN_LOAD,
        "!stream_occupied && !execute_empty && execute_short_of_load");
    e.put(
        SystolicCounter.EXECUTE_TOKEN_STORE,
        "!stream_occupied && !execute_empty && !execute_short_of_load && execute_short_of_store");
    e.put(
        SystolicCounter.EXECUTE_START,
        "!stream_occupied && !execute_empty && !execute_short_of_load && !execute_short_of_store");
    e.put(SystolicCounter.EXECUTE_IDLE, "!stream_occupied && execute_empty");
    e.put(SystolicCounter.STORE_BUSY, "store_advance");
    e.put(SystolicCounter.STORE_WRITE, "store_active && !store_advance");
    e.put(SystolicCounter.STORE_TOKEN_LOAD, "!store_active && !store_empty && store_short_of_load");
    e.put(
        SystolicCounter.STORE_TOKEN_EXECUTE,
        "!store_active && !store_empty && !store_short_of_load && store_short_of_execute");
    e.put(
        SystolicCounter.STORE_START,
        "!store_active && !store_empty && !store_short_of_load && !store_short_of_execute");
    e.put(SystolicCounter.STORE_RESPONSE, "!store_active && store_empty && store_unretired");
    e.put(SystolicCounter.STORE_IDLE, "!store_active && store_empty && !store_unretired");
    e.put(
        SystolicCounter.READ_BEATS,
        "(fetch_granted && fetch_first ? 16'(GROUP_BEATS) : '0) + (load_granted ? 16'(load_length)"
            + " + 16'd1 : '0)");
    e.put(SystolicCounter.WRITE_BEATS, "m_axi_wvalid && m_axi_wready");
    e.put(SystolicCounter.SCRATCHPAD_WRITES, "scratchpad_write");
    e.put(SystolicCounter.PARAMETER_WRITES, "parameter_write");
    e.put(SystolicCounter.ACTIVATION_READS, "activation_read");
    e.put(SystolicCounter.WEIGHT_READS, "weight_read");
    e.put(SystolicCounter.RESIDUAL_READS, "residual_read");
    e.put(SystolicCounter.ACCUMULATOR_WRITES, "accumulator_write");
    e.put(SystolicCounter.ACCUMULATOR_READS, "accumulator_add_read");
    e.put(SystolicCounter.OUTPUT_READS, "output_read");
    e.put(SystolicCounter.SCRATCHPAD_STORES, "kept_write");
    return e;
  }
}
