// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lockstep.rtl.verilog.VerilogModule;

/**
 * The beginning of a machine's top: clock, what the machine is doing, its AXI4 ports and those of
 * their signals that never change, and the {@link ControlRegisters} behind them. What follows it
 * drives {@code done}, in the last cycle of a run, and {@code counter}; {@link Fetch} drives {@code
 * fetch_drained}.
 */
public final class TopPorts {
  private TopPorts() {}

  /**
   * The text, for the template of the top.
   *
   * @param top the module's name
   * @param units that retire instructions, by their bits of {@code retire}
   * @param conflicts names of signals, each declared here, that a memory raises when it is asked
   *     for more than it can do; none if all memories make who asks wait
   */
  public static String text(String top, List<String> units, List<String> conflicts) {
    return VerilogModule.fill(
        PORTS + CONTROL,
        Map.of(
            "TOP",
            top,
            "UNITS",
            String.join(", ", units),
            "LAST_UNIT",
            Integer.toString(units.size() - 1),
            "CONFLICTS",
            conflicts.stream().map("  logic %s;\n"::formatted).collect(Collectors.joining()),
            "CONFLICT",
            conflicts.isEmpty() ? "1'b0" : String.join(" || ", conflicts)));
  }

  private static final String PORTS =
      """
      module @TOP@ (
          input logic clk,
          input logic rst_n,
          output logic busy,
          output logic fault,
          // an instruction retires: @UNITS@ from bit 0
          output logic [@LAST_UNIT@:0] retire,
          // AXI4 master: read
          output logic m_axi_arvalid,
          input logic m_axi_arready,
          output logic m_axi_arid,
          output logic [31:0] m_axi_araddr,
          output logic [7:0] m_axi_arlen,
          output logic [2:0] m_axi_arsize,
          output logic [1:0] m_axi_arburst,
          output logic m_axi_arlock,
          output logic [3:0] m_axi_arcache,
          output logic [2:0] m_axi_arprot,
          input logic m_axi_rvalid,
          output logic m_axi_rready,
          input logic m_axi_rid,
          input logic [8*W-1:0] m_axi_rdata,
          input logic [1:0] m_axi_rresp,
          input logic m_axi_rlast,
          // AXI4 master: write
          output logic m_axi_awvalid,
          input logic m_axi_awready,
          output logic m_axi_awid,
          output logic [31:0] m_axi_awaddr,
          output logic [7:0] m_axi_awlen,
          output logic [2:0] m_axi_awsize,
          output logic [1:0] m_axi_awburst,
          output logic m_axi_awlock,
          output logic [3:0] m_axi_awcache,
          output logic [2:0] m_axi_awprot,
          output logic m_axi_wvalid,
          input logic m_axi_wready,
          output logic [8*W-1:0] m_axi_wdata,
          output logic [W-1:0] m_axi_wstrb,
          output logic m_axi_wlast,
          input logic m_axi_bvalid,
          output logic m_axi_bready,
          input logic m_axi_bid,
          input logic [1:0] m_axi_bresp,
          // AXI4-Lite slave
          input logic s_axi_awvalid,
          output logic s_axi_awready,
          input logic [11:0] s_axi_awaddr,
          input logic [2:0] s_axi_awprot,
          input logic s_axi_wvalid,
          output logic s_axi_wready,
          input logic [31:0] s_axi_wdata,
          input logic [3:0] s_axi_wstrb,
          output logic s_axi_bvalid,
          input logic s_axi_bready,
          output logic [1:0] s_axi_bresp,
          input logic s_axi_arvalid,
          output logic s_axi_arready,
          input logic [11:0] s_axi_araddr,
          input logic [2:0] s_axi_arprot,
          output logic s_axi_rvalid,
          input logic s_axi_rready,
          output logic [31:0] s_axi_rdata,
          output logic [1:0] s_axi_rresp
      );
      """;

  private static final String CONTROL =
      """
        // control
        logic start;
        logic done;
        logic [31:0] program_address;
        logic [31:0] program_bytes;
        logic fetch_drained;
      @CONFLICTS@  logic [6:0] counter_index;
        logic [63:0] counter;
        wire bus_error = (m_axi_rvalid && m_axi_rresp != 2'b00) || (m_axi_bvalid && m_axi_bresp != 2'b00);
        wire unused_inputs = &{1'b0, m_axi_rlast, m_axi_bid, s_axi_awprot, s_axi_arprot};

        assign m_axi_arsize = 3'(LW);
        assign m_axi_arburst = 2'b01;
        assign m_axi_arlock = 1'b0;
        assign m_axi_arcache = 4'b0011;
        assign m_axi_arprot = 3'b000;
        assign m_axi_rready = 1'b1;
        assign m_axi_awid = 1'b0;
        assign m_axi_awsize = 3'(LW);
        assign m_axi_awburst = 2'b01;
        assign m_axi_awlock = 1'b0;
        assign m_axi_awcache = 4'b0011;
        assign m_axi_awprot = 3'b000;
        assign m_axi_bready = 1'b1;

        @FAMILY@_control_registers control_registers (
            .clk(clk),
            .rst_n(rst_n),
            .s_axi_awvalid(s_axi_awvalid),
            .s_axi_awready(s_axi_awready),
            .s_axi_awaddr(s_axi_awaddr),
            .s_axi_wvalid(s_axi_wvalid),
            .s_axi_wready(s_axi_wready),
            .s_axi_wdata(s_axi_wdata),
            .s_axi_wstrb(s_axi_wstrb),
            .s_axi_bvalid(s_axi_bvalid),
            .s_axi_bready(s_axi_bready),
            .s_axi_bresp(s_axi_bresp),
            .s_axi_arvalid(s_axi_arvalid),
            .s_axi_arready(s_axi_arready),
            .s_axi_araddr(s_axi_araddr),
            .s_axi_rvalid(s_axi_rvalid),
            .s_axi_rready(s_axi_rready),
            .s_axi_rdata(s_axi_rdata),
            .s_axi_rresp(s_axi_rresp),
            .start(start),
            .busy(busy),
            .program_address(program_address),
            .program_bytes(program_bytes),
            .done(done),
            .ready(fetch_drained),
            .conflict(@CONFLICT@),
            .bus_error(bus_error),
            .fault(fault),
            .counter_index(counter_index),
            .counter(counter)
        );

      """;
}
