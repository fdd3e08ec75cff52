// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mistake planted in generated Verilog, as textual replacements in one file, that is there only
 * while a number chosen at run time is its own: all of them share one build.
 *
 * @param meaning what is wrong with the machine
 * @param file the generated file
 * @param changes what stands where; {@code FAULT} in the new text is the mistake's bit
 */
record PlantedFault(String meaning, String file, List<Change> changes) {
  private static final String PACKAGE = "lockstep_planted";

  /**
   * @param from text that occurs exactly once
   * @param to what stands there instead
   */
  record Change(String from, String to) {}

  private static PlantedFault fault(String meaning, String file, String... fromTo) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < fromTo.length; i += 2) {
      changes.add(new Change(fromTo[i], fromTo[i + 1]));
    }
    return new PlantedFault(meaning, file, changes);
  }

  /**
   * The Verilog with all mistakes.
   *
   * @param number the file from which a run reads the number of its mistake, from 1 in the order of
   *     {@link #ALL}; 0 for none
   */
  static Map<String, String> plant(Map<String, String> verilog, String number) {
    Map<String, String> faulty = new LinkedHashMap<>();
    faulty.put(PACKAGE + ".sv", "package %s;\n  int fault;\nendpackage\n".formatted(PACKAGE));
    faulty.putAll(verilog);
    for (int i = 0; i < ALL.size(); i++) {
      PlantedFault fault = ALL.get(i);
      String bit = "(%s::fault == %d)".formatted(PACKAGE, i + 1);
      for (Change change : fault.changes()) {
        String text = String.valueOf(faulty.get(fault.file()));
        String from = change.from();
        if (!text.contains(from) || text.indexOf(from) != text.lastIndexOf(from)) {
          throw new IllegalStateException(fault.file() + " does not hold exactly one: " + from);
        }
        faulty.put(fault.file(), text.replace(from, change.to().replace("FAULT", bit)));
      }
    }
    faulty.computeIfPresent(
        VliwVerilog.TOP + ".sv", (name, text) -> text.replace("endmodule", choice(number)));
    return faulty;
  }

  private static String choice(String number) {
    return """
      initial begin
        int file;
        int read;
        file = $fopen("%s", "r");
        read = $fscanf(file, "%%d", %s::fault);
        if (read != 1) $fatal;
        $fclose(file);
      end
    endmodule"""
        .formatted(number, PACKAGE);
  }

  @Override
  public String toString() {
    return meaning;
  }

  static final List<PlantedFault> ALL =
      List.of(
          fault(
              "latency: what takes three steps or more takes one less",
              "vliw_delay.sv",
              "later_valid = valids[STAGES-1];",
              "later_valid = valids[FAULT && STAGES > 1 ? STAGES - 2 : STAGES - 1];",
              "later_value = values[STAGES-1];",
              "later_value = values[FAULT && STAGES > 1 ? STAGES - 2 : STAGES - 1];"),
          fault(
              "latency: counts cycles, not steps",
              "vliw_delay.sv",
              "else if (step) begin",
              "else if (step || FAULT) begin",
              "always_ff @(posedge clk)\n      if (step) begin",
              "always_ff @(posedge clk)\n      if (step || FAULT) begin"),
          fault(
              "vector: compares without a sign",
              "vliw_vector.sv",
              "{32{$signed(a[32*i+:32]) > $signed(b[32*i+:32])}}",
              "{32{FAULT ? a[32*i+:32] > b[32*i+:32] : $signed(a[32*i+:32]) > $signed(b[32*i+:32])}}"),
          fault(
              "vector: selects by the mask's sign",
              "vliw_vector.sv",
              "c[8*i+:8] != '0 ?",
              "(FAULT ? c[8*i+7] : c[8*i+:8] != '0) ?"),
          fault(
              "issue: a loop has a round too few",
              "vliw_issue.sv",
              "rounds[0] <= loop_count;",
              "rounds[0] <= loop_count - 24'(FAULT && loop_count != 24'd1);"),
          fault(
              "issue: a loop's body has a bundle too many",
              "vliw_issue.sv",
              "number + NUMBER_BITS'(loop_bundles);",
              "number + NUMBER_BITS'(loop_bundles) + NUMBER_BITS'(FAULT);"),
          fault(
              "issue: the outer loop ends with the inner one",
              "vliw_issue.sv",
              "rounds[i-1] <= rounds[i];",
              "rounds[i-1] <= FAULT ? 24'd1 : rounds[i];"),
          fault(
              "issue: retires in the last round of the innermost loop",
              "vliw_issue.sv",
              "if (LOOP_BITS'(i) < open && rounds[i]",
              "if (LOOP_BITS'(i) < open && (!FAULT || i == 0) && rounds[i]"),
          fault(
              "issue: the bundles of an open loop may be overwritten",
              "vliw_issue.sv",
              "open == '0 ? number : outermost",
              "open == '0 || FAULT ? number : outermost"),
          fault(
              "issue: waits for one transfer less",
              "vliw_issue.sv",
              "awaited > wait_most",
              "awaited > wait_most && !(FAULT && awaited == wait_most + Q_BITS'(1))"),
          fault(
              "issue: waits for the other direction",
              "vliw_issue.sv",
              "wait_direction[0] ? unfinished_out",
              "(wait_direction[0] != FAULT) ? unfinished_out"),
          fault(
              "issue: a queue has room for one transfer less",
              "vliw_issue.sv",
              "queued == Q_BITS'(Q)",
              "queued == Q_BITS'(Q) - Q_BITS'(FAULT)"),
          fault(
              "issue: halts with a transfer out under way",
              "vliw_issue.sv",
              "unfinished_out != '0);",
              "(unfinished_out != '0 && !FAULT));"),
          fault(
              "expansion: a bundle issues a cycle too early",
              "vliw_expand.sv",
              "readable <= number;",
              "readable <= number + NUMBER_BITS'(FAULT && take && ends);"),
          fault(
              "expansion: there is room for a bundle less",
              "vliw_expand.sv",
              "kept != NUMBER_BITS'(BUNDLES);",
              "kept != NUMBER_BITS'(BUNDLES) && !(FAULT && kept == NUMBER_BITS'(BUNDLES - 1));"),
          fault(
              "expansion: words of the bundle before stay",
              "vliw_expand.sv",
              "gathered <= ends ? '0 : placed;",
              "gathered <= ends && !FAULT ? '0 : placed;"),
          fault(
              "fetch: waits for room for five entries",
              "vliw_fetch.sv",
              "reserved <= FD_BITS'(FD - 4)",
              "reserved <= FD_BITS'(FD - 4) - FD_BITS'(FAULT)"),
          fault(
              "arbiter: idle after each grant",
              "vliw_read_arbiter.sv",
              "!arvalid || arready;",
              "!arvalid || (arready && !FAULT);"),
          fault(
              "bursts: cut at the wrong addresses",
              "vliw_bursts.sv",
              "~beat & BEAT_BITS'(BEATS - 1)",
              "~(beat + BEAT_BITS'(FAULT)) & BEAT_BITS'(BEATS - 1)"),
          fault(
              "address: steps are bytes",
              "vliw_address.sv",
              "(32'(w_step) << WORD_SHIFT)",
              "(32'(w_step) << (FAULT ? 0 : WORD_SHIFT))"),
          fault(
              "address: steps on before the access",
              "vliw_address.sv",
              "w_post[0] ? base : stepped",
              "w_post[0] && !FAULT ? base : stepped"),
          fault(
              "pattern: an inner loop has a piece too many",
              "vliw_patterns.sv",
              ": w_inner - P_BITS'(1);",
              ": w_inner - P_BITS'(!FAULT);"),
          fault(
              "pattern: a line begins where the one before ended",
              "vliw_patterns.sv",
              "line + S'(w_outer_step);",
              "(FAULT ? offset : line) + S'(w_outer_step);"),
          fault(
              "banks: a piece is taken from the bank beside its own",
              "vliw_local_memory.sv",
              "BANK_BITS'(piece_words[S*i+:S] & S'(BANKS - 1));",
              "BANK_BITS'(piece_words[S*i+:S] & S'(BANKS - 1)) ^ BANK_BITS'(FAULT);"),
          fault(
              "banks: the second port's word is the first one's",
              "vliw_local_memory.sv",
              "if (e == 1) second",
              "if (e == 1 && !FAULT) second"),
          fault(
              "banks: a store that waits writes what follows",
              "vliw_local_memory.sv",
              "busy ? held_stored : stored",
              "busy && !FAULT ? held_stored : stored"),
          fault(
              "banks: pieces that do not wait are forgotten when others do",
              "vliw_local_memory.sv",
              "collected <= loaded;",
              "if (!FAULT || !busy) collected <= loaded;"),
          fault(
              "matrix: operands do not go on in register 0",
              "vliw_matrix.sv",
              "VECTOR_BITS'(sum <",
              "VECTOR_BITS'(FAULT || sum <"),
          fault(
              "matrix: left codes have no sign",
              "vliw_matrix.sv",
              "SUM_BITS'($signed(left[8*(r*M_DEPTH+k)+:8]))",
              "(FAULT ? SUM_BITS'(left[8*(r*M_DEPTH+k)+:8]) : SUM_BITS'($signed(left[8*(r*M_DEPTH+k)+:8])))"),
          fault(
              "accumulators: products are added where they should replace",
              "vliw_accumulators.sv",
              "write_add[m] && written[index]",
              "(write_add[m] || FAULT) && written[index]"),
          fault(
              "scale: half rounds up, not to even",
              "vliw_scale.sv",
              "(product_below != '0 || product_down[0])",
              "(FAULT || product_below != '0 || product_down[0])"),
          fault(
              "scale: does not saturate",
              "vliw_scale.sv",
              "scaled_high ?",
              "scaled_high && !FAULT ?"),
          fault(
              "vector: codes are not limited from above",
              "vliw_vector.sv",
              "moved > 33'(narrow_max) ?",
              "moved > 33'(narrow_max) && !FAULT ?"),
          fault(
              "vector: all codes go to the first quarter",
              "vliw_vector.sv",
              "<< narrow_quarter;",
              "<< (FAULT ? '0 : narrow_quarter);"),
          fault(
              "vector: widened codes have no sign",
              "vliw_vector.sv",
              "32'($signed(a[8*(N*widen_quarter+i)+:8]));",
              "FAULT ? 32'(a[8*(N*widen_quarter+i)+:8]) : 32'($signed(a[8*(N*widen_quarter+i)+:8]));"),
          fault(
              "vector: the smaller one without sign",
              "vliw_vector.sv",
              "$signed(a[32*i+:32]) < $signed(b[32*i+:32]) ?",
              "(FAULT ? a[32*i+:32] < b[32*i+:32] : $signed(a[32*i+:32]) < $signed(b[32*i+:32])) ?"),
          fault(
              "special: a table begins with code 0",
              "vliw_special.sv",
              "^ 8'h80;",
              "^ (FAULT ? 8'h00 : 8'h80);"),
          fault(
              "special: a reciprocal is not rounded",
              "vliw_inverse.sv",
              "25'h7fff;",
              "(FAULT ? 25'h0 : 25'h7fff);"),
          fault(
              "special: a root has the exponent of its operand",
              "vliw_inverse.sv",
              "root ? place >> 1 :",
              "root && !FAULT ? place >> 1 :"),
          fault(
              "permute: the last code's place is the first one's",
              "vliw_permute.sv",
              "b[8*i+:PLACE_IN_VECTOR_BITS];",
              "b[8*(FAULT ? V - 1 - i : i)+:PLACE_IN_VECTOR_BITS];"),
          fault(
              "scalar: a factor has 4 bits",
              "vliw_scalar.sv",
              "result = a * b;",
              "result = a * (FAULT ? 32'(b[3:0]) : b);"),
          fault(
              "DMA: the second loop steps from where the first one is",
              "vliw_runs.sv",
              "memory2 + memory_step2",
              "(FAULT ? memory1 : memory2) + memory_step2"),
          fault(
              "DMA: the first loop steps as far as the second in local memory",
              "vliw_runs.sv",
              "local1 + local_step1;",
              "local1 + (FAULT ? local_step2 : local_step1);"),
          fault(
              "DMA: the first loop's second round is longer",
              "vliw_runs.sv",
              "ends1 ? times1 :",
              "ends1 ? times1 + 16'(FAULT) :"),
          fault(
              "DMA: a run in the middle of a beat begins at its start",
              "vliw_beats.sv",
              "BEAT_WORD_BITS'(memory >> WORD_SHIFT) &",
              "(FAULT ? '0 : BEAT_WORD_BITS'(memory >> WORD_SHIFT)) &"),
          fault(
              "DMA in: bursts in flight are not counted",
              "vliw_transfer_in.sv",
              "outstanding < O_BITS'(O)",
              "(FAULT || outstanding < O_BITS'(O))"),
          fault(
              "DMA in: finishes a cycle late",
              "vliw_transfer_in.sv",
              "wire finish = advance && last;",
              """
              wire finish = advance && last;
                logic finished;
                always_ff @(posedge clk) finished <= rst_n && finish;
                wire late = FAULT ? finished : finish;\
              """,
              "- Q_BITS'(finish);",
              "- Q_BITS'(late);"),
          fault(
              "DMA in: a constant does not wait for the transfer before it",
              "vliw_transfer_in.sv",
              "filling_empty && !fill_active;",
              "filling_empty && (!fill_active || (FAULT && finish));"),
          fault(
              "DMA out: a beat is written to its end",
              "vliw_transfer_out.sv",
              "- BEAT_COUNT_BITS'(arrived_before) < arrived_count;",
              "- BEAT_COUNT_BITS'(arrived_before) < (FAULT ? '1 : arrived_count);"),
          fault(
              "DMA out: the first response finishes a transfer",
              "vliw_transfer_out.sv",
              "response && answers;",
              "response && (answers || FAULT);"),
          fault(
              "DMA out: reads one beat ahead",
              "vliw_transfer_out.sv",
              "held < FIFO_BITS'(FIFO);",
              "held < (FAULT ? FIFO_BITS'(1) : FIFO_BITS'(FIFO));"),
          fault(
              "counters: pieces read are not counted",
              "vliw_counters.sv",
              "count_local_reads + 64'(local_reads)",
              "count_local_reads + (FAULT ? '0 : 64'(local_reads))"),
          fault(
              "counters: waiting for banks is not counted",
              "vliw_counters.sv",
              "count_issue_bank + 64'(issue_bank)",
              "count_issue_bank + (FAULT ? '0 : 64'(issue_bank))"));
}
