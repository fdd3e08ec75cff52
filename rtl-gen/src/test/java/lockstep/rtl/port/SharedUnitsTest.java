// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lockstep.arch.Dma;
import lockstep.arch.UserError;
import lockstep.rtl.Tool;
import lockstep.rtl.Tools;
import lockstep.rtl.memory.Queue;
import lockstep.rtl.memory.Sram;
import lockstep.rtl.memory.WriteFifo;
import lockstep.rtl.verilog.Constants;
import lockstep.rtl.verilog.VerilogFiles;
import lockstep.rtl.verilog.VerilogModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The units that families share, in the smallest machine made of them: it reads and writes. */
class SharedUnitsTest {
  private static final List<Counter> COUNTERS =
      List.of(new Counter("cycles", "cycles", 1), new Counter("read.beats", "beats", 16));

  private static final class Toy extends Constants {
    Toy(Dma dma, int entryBytes, int depth) {
      super(
          "toy",
          name -> {
            throw new IllegalArgumentException("no format " + name);
          });
      Port.constants(this, dma, "toy");
      Fetch.constants(this, dma, entryBytes, depth);
    }
  }

  private static MachineRegisters registers(List<Counter> counters) {
    return new MachineRegisters("toy_top", "A toy", "12ab34cd", "never", counters);
  }

  private static Map<String, String> toy(Toy toy) {
    Map<Counter, String> events = new LinkedHashMap<>();
    events.put(COUNTERS.getFirst(), "1'b1");
    events.put(COUNTERS.getLast(), "load_granted ? 16'(load_length) + 16'd1 : '0");
    String top =
        TopPorts.text("toy_top", List.of("copy"), List.of())
            + Fetch.SIGNALS
            + Fetch.instance("fetched")
            + MIDDLE
            + ReadArbiter.INSTANCE
            + Counters.instance(events)
            + "endmodule\n";
    return VerilogFiles.of(
        "toy",
        VerilogFiles.identity(List.of("toy")),
        List.of(
            VerilogModule.of(toy, top),
            Fetch.module(toy),
            ReadArbiter.module(toy),
            Bursts.module(toy),
            Queue.module("toy"),
            WriteFifo.module("toy"),
            Sram.module(),
            Counters.module("toy", COUNTERS),
            ControlRegisters.module("toy", registers(COUNTERS))));
  }

  /** Reads four runs; for each of their bursts writes a beat of them. */
  private static final String MIDDLE =
      """
        logic load_ask;
        logic [31:0] load_address;
        logic [7:0] load_length;
        logic load_granted;
        logic last;
        logic [31:0] place;
        logic place_missing;
        logic no_room;
        logic nothing;
        logic full;

        assign done = fetched && !load_ask;
        assign retire = load_granted;
        wire unused_toy = &{1'b0, fetch_first, fetched_entry, last, no_room, full};

        @FAMILY@_bursts bursts (
            .clk(clk),
            .rst_n(rst_n),
            .load(start),
            .address(program_address),
            .bytes(24'd100),
            .stride(32'd200),
            .runs(16'd4),
            .active(load_ask),
            .burst_address(load_address),
            .burst_length(load_length),
            .last_burst(last),
            .granted(load_granted)
        );

        @FAMILY@_queue #(
            .WIDTH(32),
            .DEPTH(O)
        ) places (
            .clk(clk),
            .rst_n(rst_n),
            .push(load_granted),
            .push_data(load_address),
            .pop(m_axi_awvalid && m_axi_awready),
            .head(place),
            .empty(place_missing),
            .full(no_room)
        );

        @FAMILY@_write_fifo #(
            .WIDTH(8 * W),
            .DEPTH(FIFO)
        ) beats (
            .clk(clk),
            .rst_n(rst_n),
            .push(m_axi_rvalid && m_axi_rid),
            .push_data(m_axi_rdata),
            .pop(m_axi_wvalid && m_axi_wready),
            .head(m_axi_wdata),
            .empty(nothing),
            .full(full)
        );

        assign m_axi_awvalid = !place_missing;
        assign m_axi_awaddr = place;
        assign m_axi_awlen = 8'd0;
        assign m_axi_wvalid = !nothing;
        assign m_axi_wstrb = '1;
        assign m_axi_wlast = 1'b1;
      """;

  @ParameterizedTest
  @CsvSource({"4, 1, 1, 16, 8", "16, 8, 4, 16, 12", "32, 4, 2, 16, 4", "8, 16, 3, 64, 16"})
  void verilatorHasNoWarning(
      int width, int beats, int outstanding, int entry, int depth, @TempDir Path folder)
      throws Exception {
    Tools.assumeInstalled("verilator");
    List<String> command =
        new ArrayList<>(List.of("verilator", "--lint-only", "-Wall", "--top-module", "toy_top"));
    for (var file : toy(new Toy(new Dma(width, outstanding, beats), entry, depth)).entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
      command.add(file.getKey());
    }
    Tool.Outcome outcome = Tool.call(command, folder, Duration.ofMinutes(2));
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.status()).isZero();
  }

  @Test
  void allButTheMemoryIsNamedAfterItsFamily() {
    var files = toy(new Toy(new Dma(16, 4, 8), 16, 8));
    assertThat(files.keySet())
        .allMatch(name -> name.startsWith("toy_") || name.equals("sram_1r1w.sv"));
    assertThat(String.join("", files.values()))
        .doesNotContain("systolic")
        .doesNotContainPattern("@[A-Z_]+@");
  }

  @Test
  void aBurstIsNoLongerThanAxiAllows() {
    assertThat(new Toy(new Dma(4, 1, 256), 16, 8).value("BEATS")).isEqualTo(256);
    assertThatThrownBy(() -> new Toy(new Dma(4, 1, 512), 16, 8))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("toy: dma.burst_beats is 512");
  }

  @Test
  void countersFollowTheRegistersThatAllFamiliesHave() {
    var map = registers(COUNTERS).map();
    assertThat(map.register("status").offset()).isEqualTo(4);
    assertThat(map.register("identity").field("value").reset()).isEqualTo(0x12ab34cdL);
    assertThat(map.register("status").field("conflict").meaning()).isEqualTo("never");
    assertThat(map.register("read_beats").offset()).isEqualTo(MachineRegisters.COUNTERS + 8);
    var tooMany = IntStream.range(0, 129).mapToObj(i -> new Counter("c" + i, "c", 1)).toList();
    assertThatThrownBy(() -> registers(tooMany)).hasMessageContaining("129 counters");
  }
}
