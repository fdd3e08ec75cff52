// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** The DMA slot: the fields of the next transfer, handed over by {@code start}. */
final class TransferFields {
  private TransferFields() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_transfer_fields (
          input logic clk,
          input logic clear,
          input logic step,
          input logic [63:0] word,
          output logic [SCALAR_BITS-1:0] a_index,
          input logic [31:0] a,
          output logic start_in,
          output logic start_out,
          output logic [D-1:0] descriptor
      );
        //FIELDS dma_set word set_
        //FIELDS dma_put word put_
        //FIELDS dma_start word start_
        logic [32*FIELDS-1:0] fields;

        wire [DMA_OPCODE-1:0] opcode = word[DMA_OPCODE-1:0];
        wire puts = opcode == DMA_OPCODE'(DMA_PUT);
        wire writes = puts || opcode == DMA_OPCODE'(DMA_SET);
        wire [FIELD_BITS-1:0] field = puts ? put_field : set_field;
        wire [31:0] value = puts ? a : set_value;
        wire starts = step && opcode == DMA_OPCODE'(DMA_START);
        wire unused_fields = &{1'b0, fields};

        assign a_index   = put_from;
        assign start_in  = starts && start_direction != 2'd1;
        assign start_out = starts && start_direction == 2'd1;
        assign descriptor = {
          start_direction == 2'd2,
          fields[32*TRANSFER_CONSTANT+:8],
          fields[32*TRANSFER_LOCAL_STEP3+WORD_SHIFT+:S],
          fields[32*TRANSFER_LOCAL_STEP2+WORD_SHIFT+:S],
          fields[32*TRANSFER_LOCAL_STEP1+WORD_SHIFT+:S],
          fields[32*TRANSFER_MEMORY_STEP3+:32],
          fields[32*TRANSFER_MEMORY_STEP2+:32],
          fields[32*TRANSFER_MEMORY_STEP1+:32],
          fields[32*TRANSFER_COUNT3+:16],
          fields[32*TRANSFER_COUNT2+:16],
          fields[32*TRANSFER_COUNT1+:16],
          fields[32*TRANSFER_BYTES+WORD_SHIFT+:RUN_WORD_BITS],
          fields[32*TRANSFER_LOCAL+WORD_SHIFT+:S],
          fields[32*TRANSFER_MEMORY+:32]
        };

        always_ff @(posedge clk)
          if (clear) fields <= '0;
          else if (step && writes)
            for (int i = 0; i < FIELDS; i++) if (32'(field) == i) fields[32*i+:32] <= value;
      endmodule
      """;
}
