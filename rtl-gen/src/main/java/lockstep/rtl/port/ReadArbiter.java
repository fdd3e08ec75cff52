// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import lockstep.rtl.verilog.Constants;
import lockstep.rtl.verilog.VerilogModule;

/** The read address channel: one register, shared by fetch (identifier 0, first) and load (1). */
public final class ReadArbiter {
  private ReadArbiter() {}

  /** The module of a machine. */
  public static VerilogModule module(Constants sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  /** The unit in the template of a machine's top. */
  public static final String INSTANCE =
      """
        @FAMILY@_read_arbiter read_arbiter (
            .clk(clk),
            .rst_n(rst_n),
            .fetch_ask(fetch_ask),
            .fetch_address(fetch_address),
            .fetch_length(fetch_length),
            .fetch_granted(fetch_granted),
            .load_ask(load_ask),
            .load_address(load_address),
            .load_length(load_length),
            .load_granted(load_granted),
            .arvalid(m_axi_arvalid),
            .arready(m_axi_arready),
            .arid(m_axi_arid),
            .araddr(m_axi_araddr),
            .arlen(m_axi_arlen)
        );

      """;

  private static final String TEXT =
      """
      module @FAMILY@_read_arbiter (
          input logic clk,
          input logic rst_n,
          input logic fetch_ask,
          input logic [31:0] fetch_address,
          input logic [7:0] fetch_length,
          output logic fetch_granted,
          input logic load_ask,
          input logic [31:0] load_address,
          input logic [7:0] load_length,
          output logic load_granted,
          output logic arvalid,
          input logic arready,
          output logic arid,
          output logic [31:0] araddr,
          output logic [7:0] arlen
      );
        wire free = !arvalid || arready;

        assign fetch_granted = free && fetch_ask;
        assign load_granted  = free && load_ask && !fetch_ask;

        always_ff @(posedge clk)
          if (!rst_n) begin
            arvalid <= 1'b0;
            arid <= 1'b0;
            araddr <= '0;
            arlen <= '0;
          end else begin
            if (free) arvalid <= fetch_ask || load_ask;
            if (fetch_granted || load_granted) begin
              arid   <= load_granted;
              araddr <= fetch_ask ? fetch_address : load_address;
              arlen  <= fetch_ask ? fetch_length : load_length;
            end
          end
      endmodule
      """;
}
