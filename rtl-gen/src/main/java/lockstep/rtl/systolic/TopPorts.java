// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/** The header of {@link Top}: clock, what the machine is doing, and its AXI4 ports. */
final class TopPorts {
  private TopPorts() {}

  static final String TEXT =
      """
      module lockstep_systolic (
          input logic clk,
          input logic rst_n,
          output logic busy,
          output logic fault,
          // an instruction retires: load, execute, store from bit 0
          output logic [2:0] retire,
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
}
