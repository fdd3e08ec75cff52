// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.verilog.VerilogModule;

/** Dispatch: moves instructions in order into the queues of their units; ends the program. */
final class Dispatch {
  private Dispatch() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module systolic_dispatch (
          input logic clk,
          input logic rst_n,
          input logic start,
          input logic running,
          // oldest instruction
          input logic head_valid,
          input logic [IW-1:0] head,
          output logic take,
          // heads of the unit queues
          output logic load_empty,
          output logic [LOAD_BITS-1:0] load_word,
          input logic load_take,
          output logic execute_empty,
          output logic [EXECUTE_BITS-1:0] execute_word,
          input logic execute_take,
          output logic store_empty,
          output logic [STORE_BITS-1:0] store_word,
          input logic store_take,
          input logic load_retire,
          input logic execute_retire,
          input logic store_retire,
          output logic done,
          // account
          output logic waits_for_queue,
          output logic drains,
          output logic waits_for_fetch
      );
        logic load_full;
        logic execute_full;
        logic store_full;
        logic [15:0] unretired;

        wire [OPCODE_BITS-1:0] opcode = head[OPCODE_BITS-1:0];
        wire is_load = opcode == OPCODE_BITS'(OPCODE_LOAD);
        wire is_execute = opcode == OPCODE_BITS'(OPCODE_EXECUTE);
        wire is_store = opcode == OPCODE_BITS'(OPCODE_STORE);
        wire is_halt = opcode == OPCODE_BITS'(OPCODE_HALT);
        wire blocked = (is_load && load_full) || (is_execute && execute_full) || (is_store && store_full);
        wire here = running && head_valid;

        assign take = here && !is_halt && !blocked;
        assign done = here && is_halt && unretired == '0;
        assign waits_for_queue = here && !is_halt && blocked;
        assign drains = here && is_halt;
        assign waits_for_fetch = running && !head_valid;

        systolic_queue #(
            .WIDTH(LOAD_BITS),
            .DEPTH(UD)
        ) load_queue (
            .clk(clk),
            .rst_n(rst_n),
            .push(take && is_load),
            .push_data(head[LOAD_BITS-1:0]),
            .pop(load_take),
            .head(load_word),
            .empty(load_empty),
            .full(load_full)
        );

        systolic_queue #(
            .WIDTH(EXECUTE_BITS),
            .DEPTH(UD)
        ) execute_queue (
            .clk(clk),
            .rst_n(rst_n),
            .push(take && is_execute),
            .push_data(head[EXECUTE_BITS-1:0]),
            .pop(execute_take),
            .head(execute_word),
            .empty(execute_empty),
            .full(execute_full)
        );

        systolic_queue #(
            .WIDTH(STORE_BITS),
            .DEPTH(UD)
        ) store_queue (
            .clk(clk),
            .rst_n(rst_n),
            .push(take && is_store),
            .push_data(head[STORE_BITS-1:0]),
            .pop(store_take),
            .head(store_word),
            .empty(store_empty),
            .full(store_full)
        );

        always_ff @(posedge clk)
          if (!rst_n || start) unretired <= '0;
          else
            unretired <= unretired + 16'(take) - 16'(load_retire) - 16'(execute_retire) - 16'(store_retire);
      endmodule
      """;
}
