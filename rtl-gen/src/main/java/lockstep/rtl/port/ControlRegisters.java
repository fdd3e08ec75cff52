// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import lockstep.rtl.registers.Register;
import lockstep.rtl.registers.RegisterMap;
import lockstep.rtl.verilog.VerilogModule;

/**
 * The AXI4-Lite slave through which a host starts the machine and reads its state: the registers of
 * {@link MachineRegisters}.
 */
public final class ControlRegisters {
  /** What each field of the status register shows. */
  private static final Map<String, String> STATUS =
      Map.of(
          "busy", "busy || requested",
          "done", "finished && !requested",
          "fault", "fault",
          "conflict", "conflicted",
          "bus_error", "bus_failed");

  private ControlRegisters() {}

  /** The module of a machine. */
  public static VerilogModule module(String family, MachineRegisters registers) {
    RegisterMap map = registers.map();
    int start = map.register(MachineRegisters.CONTROL).field("start").lsb();
    return new VerilogModule(
        family + "_control_registers",
        VerilogModule.fill(
            TEXT,
            Map.ofEntries(
                Map.entry("FAMILY", family),
                Map.entry("IDENTITY", registers.identity()),
                Map.entry("CONTROL", word(MachineRegisters.CONTROL)),
                Map.entry(
                    "START", "s_axi_wdata[%d] && s_axi_wstrb[%d]".formatted(start, start / 8)),
                Map.entry("STATUS", word(MachineRegisters.STATUS)),
                Map.entry("STATUS_FIELDS", concatenation(map.register(MachineRegisters.STATUS))),
                Map.entry("PROGRAM_ADDRESS", word(MachineRegisters.PROGRAM_ADDRESS)),
                Map.entry("PROGRAM_BYTES", word(MachineRegisters.PROGRAM_BYTES)),
                Map.entry("IDENTITY_ADDRESS", word(MachineRegisters.IDENTITY)),
                Map.entry("COUNTERS", word(MachineRegisters.COUNTERS)))));
  }

  private static String word(String register) {
    return word(MachineRegisters.offset(register));
  }

  private static String word(int address) {
    return "10'd" + address / Register.WORD_BYTES;
  }

  /** The register's fields in their places, highest bit first, zeros between them. */
  private static String concatenation(Register register) {
    Deque<String> parts = new ArrayDeque<>();
    int next = 0;
    for (Register.Field f : register.fields()) {
      zeros(parts, f.lsb() - next);
      String signal = STATUS.get(f.name());
      if (signal == null) {
        throw new IllegalStateException("no signal for status." + f.name());
      }
      parts.push(signal);
      next = f.lsb() + f.bits();
    }
    zeros(parts, register.bits() - next);
    return String.join(", ", parts);
  }

  private static void zeros(Deque<String> parts, int bits) {
    if (bits > 0) {
      parts.push(bits + "'d0");
    }
  }

  private static final String TEXT =
      """
      module @FAMILY@_control_registers (
          input logic clk,
          input logic rst_n,
          // AXI4-Lite
          input logic s_axi_awvalid,
          output logic s_axi_awready,
          input logic [11:0] s_axi_awaddr,
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
          output logic s_axi_rvalid,
          input logic s_axi_rready,
          output logic [31:0] s_axi_rdata,
          output logic [1:0] s_axi_rresp,
          // machine
          output logic start,
          output logic busy,
          output logic [31:0] program_address,
          output logic [31:0] program_bytes,
          input logic done,
          input logic ready,
          input logic conflict,
          input logic bus_error,
          output logic fault,
          output logic [6:0] counter_index,
          input logic [63:0] counter
      );
        logic requested;
        logic finished;
        logic conflicted;
        logic bus_failed;

        wire write = s_axi_awvalid && s_axi_wvalid && !s_axi_bvalid;
        wire read = s_axi_arvalid && !s_axi_rvalid;
        wire [9:0] write_word = s_axi_awaddr[11:2];
        wire [9:0] read_word = s_axi_araddr[11:2];
        wire [9:0] counter_word = read_word - @COUNTERS@;
        wire [31:0] strobe = {
          {8{s_axi_wstrb[3]}}, {8{s_axi_wstrb[2]}}, {8{s_axi_wstrb[1]}}, {8{s_axi_wstrb[0]}}
        };
        wire unused_address = &{1'b0, s_axi_awaddr[1:0], s_axi_araddr[1:0], counter_word[9:8], counter_word[0]};

        assign s_axi_awready = write;
        assign s_axi_wready = write;
        assign s_axi_bresp = 2'b00;
        assign s_axi_arready = read;
        assign s_axi_rresp = 2'b00;
        assign counter_index = counter_word[7:1];
        assign start = requested && ready && !busy;
        assign fault = conflicted || bus_failed;

        always_ff @(posedge clk)
          if (!rst_n) begin
            s_axi_bvalid <= 1'b0;
            s_axi_rvalid <= 1'b0;
            s_axi_rdata <= '0;
            program_address <= '0;
            program_bytes <= '0;
            requested <= 1'b0;
            busy <= 1'b0;
            finished <= 1'b0;
            conflicted <= 1'b0;
            bus_failed <= 1'b0;
          end else begin
            if (write) s_axi_bvalid <= 1'b1;
            else if (s_axi_bready) s_axi_bvalid <= 1'b0;

            if (write && write_word == @PROGRAM_ADDRESS@)
              program_address <= (program_address & ~strobe) | (s_axi_wdata & strobe);
            if (write && write_word == @PROGRAM_BYTES@)
              program_bytes <= (program_bytes & ~strobe) | (s_axi_wdata & strobe);
            if (start) requested <= 1'b0;
            else if (write && write_word == @CONTROL@ && @START@ && !busy)
              requested <= 1'b1;

            if (start) begin
              busy <= 1'b1;
              finished <= 1'b0;
              conflicted <= 1'b0;
              bus_failed <= 1'b0;
            end else begin
              if (done) begin
                busy <= 1'b0;
                finished <= 1'b1;
              end
              if (busy && conflict) conflicted <= 1'b1;
              if (busy && bus_error) bus_failed <= 1'b1;
            end

            if (read) begin
              s_axi_rvalid <= 1'b1;
              if (read_word >= @COUNTERS@) s_axi_rdata <= read_word[0] ? counter[63:32] : counter[31:0];
              else
                case (read_word)
                  @STATUS@: s_axi_rdata <= {@STATUS_FIELDS@};
                  @PROGRAM_ADDRESS@: s_axi_rdata <= program_address;
                  @PROGRAM_BYTES@: s_axi_rdata <= program_bytes;
                  @IDENTITY_ADDRESS@: s_axi_rdata <= 32'h@IDENTITY@;
                  default: s_axi_rdata <= '0;
                endcase
            end else if (s_axi_rready) s_axi_rvalid <= 1'b0;
          end
      endmodule
      """;
}
