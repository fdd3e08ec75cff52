// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A mistake planted in generated Verilog, as one textual replacement in one file.
 *
 * @param meaning what is wrong with the machine
 * @param file the generated file
 * @param from text that occurs in it exactly once
 * @param to what stands there instead
 */
record PlantedFault(String meaning, String file, String from, String to) {

  /** The Verilog with the mistake. */
  Map<String, String> plant(Map<String, String> verilog) {
    String text = verilog.get(file);
    if (text == null || text.indexOf(from) < 0 || text.indexOf(from) != text.lastIndexOf(from)) {
      throw new IllegalStateException(file + " does not hold exactly one: " + from);
    }
    Map<String, String> faulty = new TreeMap<>(verilog);
    faulty.put(file, text.replace(from, to));
    return faulty;
  }

  @Override
  public String toString() {
    return meaning;
  }

  static final List<PlantedFault> ALL =
      List.of(
          new PlantedFault(
              "load: a piece waits a cycle for its beat",
              "systolic_load_fill.sv",
              "(!real_bytes || at_hand || (pop && ahead == '0))",
              "(!real_bytes || at_hand)"),
          new PlantedFault(
              "load: a cycle between two loads",
              "systolic_load_fill.sv",
              "assign take = !empty && (!active || (emit && load_ends));",
              "assign take = !empty && !active;"),
          new PlantedFault(
              "load: left padding forgotten",
              "systolic_load_fill.sv",
              "real_begin = begin_offset < 34'(range_begin) ? 34'(range_begin) : begin_offset;",
              "real_begin = begin_offset;"),
          new PlantedFault(
              "load: padding is zero", "systolic_load_fill.sv", "pad <= d_pad;", "pad <= '0;"),
          new PlantedFault(
              "load: a diagonal is a triangle",
              "systolic_load_fill.sv",
              "range_begin = d_diagonal ? only : 25'(d_first_byte);",
              "range_begin = 25'(d_first_byte);"),
          new PlantedFault(
              "load: a diagonal goes on in the next line",
              "systolic_load_fill.sv",
              "only <= 25'(d_first_byte);",
              "only <= only + 25'd1;"),
          new PlantedFault(
              "load: a line below the last result is its first kernel line, too",
              "systolic_load_fill.sv",
              "wire drops = 17'(line) + 17'(d_copies) >= 17'(d_lines);",
              "wire drops = 17'(line) + 17'(d_copies) > 17'(d_lines);"),
          new PlantedFault(
              "load: a line above the first result is every kernel line",
              "systolic_load_fill.sv",
              "(copy == d_copies - 8'd1 || 16'(copy) == line)",
              "(copy == d_copies - 8'd1)"),
          new PlantedFault(
              "load: a patch goes on in the same reduction tile",
              "systolic_load_fill.sv",
              "row <= row_ends ? row + d_row_end_step : row;",
              "row <= row;"),
          new PlantedFault(
              "load: the next kernel line begins in the same reduction tile",
              "systolic_load_fill.sv",
              "+ d_row_copy_step + (copy_wraps ? d_row_end_step : '0);",
              "+ d_row_copy_step;"),
          new PlantedFault(
              "load: the last kernel lines begin in the same reduction tile",
              "systolic_load_fill.sv",
              "(line_wraps ? d_row_end_step : '0)",
              "TA'(0)"),
          new PlantedFault(
              "load: one burst too many in flight",
              "systolic_load_request.sv",
              "outstanding < O_BITS'(O)",
              "outstanding <= O_BITS'(O)"),
          new PlantedFault(
              "load: one burst too few in flight",
              "systolic_load_request.sv",
              "outstanding < O_BITS'(O)",
              "outstanding < O_BITS'(O - 1)"),
          new PlantedFault(
              "arbiter: idle after each grant",
              "systolic_read_arbiter.sv",
              "wire free = !arvalid || arready;",
              "wire free = !arvalid;"),
          new PlantedFault(
              "bursts: cut at the wrong addresses",
              "systolic_bursts.sv",
              "to_boundary = ~beat & BEAT_BITS'(BEATS - 1);",
              "to_boundary = ~(beat + BEAT_BITS'(1)) & BEAT_BITS'(BEATS - 1);"),
          new PlantedFault(
              "tokens: every load signals store",
              "systolic_tokens.sv",
              "8'(load_retire && load_signal_store)",
              "8'(load_retire)"),
          new PlantedFault(
              "tokens: execute does not take those of store",
              "systolic_tokens.sv",
              "(execute_take ? 8'(execute_wait_store) : '0)",
              "8'(execute_take && &execute_wait_store)"),
          new PlantedFault(
              "tokens: one of load is lost",
              "systolic_tokens.sv",
              "8'(load_retire && load_signal_execute)",
              "8'(load_retire && load_signal_execute && load_to_execute == '0)"),
          new PlantedFault(
              "dispatch: done with an instruction in flight",
              "systolic_dispatch.sv",
              "is_halt && unretired == '0;",
              "is_halt && unretired <= 16'd1;"),
          new PlantedFault(
              "fetch: waits for room for five instructions",
              "systolic_fetch.sv",
              "reserved <= FD_BITS'(FD - 4)",
              "reserved <= FD_BITS'(FD - 5)"),
          new PlantedFault(
              "execute: weights arrive a cycle late",
              "systolic_execute.sv",
              "wire tile_free = !pixels_left && !steps_left && gap == '0;",
              "wire tile_free = !pixels_left && !steps_left && gap == '0 && !reads_before;\n"
                  + "  logic reads_before;\n"
                  + "  always_ff @(posedge clk) reads_before <= pixels_left;"),
          new PlantedFault(
              "array: products are not sign-extended",
              "systolic_row.sv",
              "sum_in[32*n+:32] + 32'($signed(a_now[8*n+:8])) * 32'($signed(active[8*n+:8]));",
              "sum_in[32*n+:32] + 32'(a_now[8*n+:8]) * 32'($signed(active[8*n+:8]));"),
          new PlantedFault(
              "array: weights swapped in from the row above",
              "systolic_row.sv",
              "active[8*n+:8] <= shadow[8*n+:8];",
              "active[8*n+:8] <= w_in[8*n+:8];"),
          new PlantedFault(
              "accumulator: overwrites where it should add",
              "systolic_accumulator.sv",
              "sum[AA] ? added(result, old) : result",
              "result"),
          new PlantedFault(
              "requantise: half rounds up, not to even",
              "systolic_requantise.sv",
              "product_half && (product_below != '0 || product_down[0])",
              "product_half"),
          new PlantedFault(
              "requantise: not clamped",
              "systolic_requantise.sv",
              "result <= y < 35'(min) ? min : y > 35'(max) ? max : y[7:0];",
              "result <= y[7:0];"),
          new PlantedFault(
              "requantise: the slope is for the positive side",
              "systolic_requantise.sv",
              "x4 = x3[31] ?",
              "x4 = !x3[31] ?"),
          new PlantedFault(
              "requantise: the residual's zero point is forgotten",
              "systolic_requantise.sv",
              "9'(residual) - 9'(residual_zero)",
              "9'(residual)"),
          new PlantedFault(
              "pooling: a tap beyond the tile counts",
              "systolic_store_read.sv",
              "tap_y < 26'(d_tile_h)",
              "tap_y <= 26'(d_tile_h)"),
          new PlantedFault(
              "pooling: compares without sign",
              "systolic_store_read.sv",
              "$signed(a[32*n+:32]) > $signed(b[32*n+:32])",
              "a[32*n+:32] > b[32*n+:32]"),
          new PlantedFault(
              "store: the flush comes a cycle late",
              "systolic_store_read.sv",
              "flush_delay <= slot_length;",
              "flush_delay <= slot_length + 16'd1;"),
          new PlantedFault(
              "store: all bytes of a partly filled beat are written",
              "systolic_store_packer.sv",
              "assign push_strobe = flush ? present : present | here;",
              "assign push_strobe = '1;"),
          new PlantedFault(
              "store: one write burst too few in flight",
              "systolic_store_address.sv",
              "outstanding < O_BITS'(O)",
              "outstanding < O_BITS'(O - 1)"),
          new PlantedFault(
              "expansion: waits until the instruction before has gone",
              "systolic_expand.sv",
              "(!head_valid || take)",
              "!head_valid"),
          new PlantedFault(
              "expansion: the words are those of the instruction before, whatever its opcode",
              "systolic_expand.sv",
              "if (opcode == OPCODE_BITS'(OPCODE_STORE))",
              ""),
          new PlantedFault(
              "expansion: the last bit of the header is lost",
              "systolic_expand.sv",
              "header <= 32'(word[MASK_LSB-1:0])",
              "header <= 32'(word[MASK_LSB-2:0])"),
          new PlantedFault(
              "counters: one does not count",
              "systolic_counters.sv",
              "count_weight_reads + 64'(weight_reads)",
              "count_weight_reads"));
}
