// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.EnumMap;
import java.util.Map;
import lockstep.isa.systolic.SystolicCounter;

/** The machine: all units and the AXI4 ports. */
final class Top {
  static final String NAME = "lockstep_systolic";

  private Top() {}

  static VerilogModule module(Sizes sizes) {
    boolean os = sizes.outputStationary;
    StringBuilder events = new StringBuilder();
    StringBuilder connections = new StringBuilder();
    EnumMap<SystolicCounter, String> expressions = events();
    for (SystolicCounter c : SystolicCounter.values()) {
      String name = Counters.signal(c);
      String expression = expressions.get(c);
      if (expression == null) {
        throw new IllegalStateException("no event for counter " + c.key());
      }
      events.append(
          "  wire %sevent_%s = %s;\n"
              .formatted(c == SystolicCounter.READ_BEATS ? "[15:0] " : "", name, expression));
      connections.append("      .%s(event_%s),\n".formatted(name, name));
    }
    return VerilogModule.of(
        sizes,
        VerilogModule.fill(
            PORTS + CONTROL + LOAD + EXECUTE + STORE + COUNT,
            Map.of(
                "OS_WIRES", os ? OS_WIRES : "",
                "OS_EXECUTE", os ? OS_CONNECTIONS + OS_ACCEPT : "",
                "OS_ARRAY", os ? OS_CONNECTIONS + OS_ACCEPT : "",
                "EVENTS", events.toString(),
                "COUNTERS", connections.toString())));
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
    return e;
  }

  private static final String OS_WIRES =
      """
        logic output_stationary;
        logic select_valid;
        logic [HOP_BITS-1:0] select;
        logic flush_array;
      """;

  private static final String OS_CONNECTIONS =
      """
            .output_stationary(output_stationary),
            .select_valid(select_valid),
            .select(select),
      """;

  private static final String OS_ACCEPT = "      .flush(flush_array),\n";

  private static final String PORTS =
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

  private static final String CONTROL =
      """
        // control
        logic start;
        logic done;
        logic [31:0] program_address;
        logic [31:0] instruction_count;
        logic fetch_drained;
        logic scratchpad_conflict;
        logic accumulator_conflict;
        logic [6:0] counter_index;
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

        systolic_control_registers control_registers (
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
            .instruction_count(instruction_count),
            .done(done),
            .ready(fetch_drained),
            .conflict(scratchpad_conflict || accumulator_conflict),
            .bus_error(bus_error),
            .fault(fault),
            .counter_index(counter_index),
            .counter(counter)
        );

        // fetch and dispatch
        logic fetch_ask;
        logic [31:0] fetch_address;
        logic [7:0] fetch_length;
        logic fetch_first;
        logic fetch_granted;
        logic fetched;
        logic [IW-1:0] fetched_word;
        logic dispatched;
        logic dispatch_waits_for_queue;
        logic dispatch_drains;
        logic dispatch_waits_for_fetch;
        logic load_empty;
        logic [LOAD_BITS-1:0] load_word;
        logic load_accept;
        logic load_retire;
        logic execute_empty;
        logic [EXECUTE_BITS-1:0] execute_word;
        logic execute_accept;
        logic execute_retire;
        logic store_empty;
        logic [STORE_BITS-1:0] store_word;
        logic store_accept;
        logic store_retire;

        assign retire = {store_retire, execute_retire, load_retire};

        systolic_fetch fetch (
            .clk(clk),
            .rst_n(rst_n),
            .start(start),
            .running(busy),
            .program_address(program_address),
            .instruction_count(instruction_count),
            .ask(fetch_ask),
            .ask_address(fetch_address),
            .ask_length(fetch_length),
            .first_of_group(fetch_first),
            .granted(fetch_granted),
            .beat(m_axi_rvalid && !m_axi_rid),
            .beat_data(m_axi_rdata),
            .head_valid(fetched),
            .head(fetched_word),
            .take(dispatched),
            .drained(fetch_drained)
        );

        systolic_dispatch dispatch (
            .clk(clk),
            .rst_n(rst_n),
            .start(start),
            .running(busy),
            .head_valid(fetched),
            .head(fetched_word),
            .take(dispatched),
            .load_empty(load_empty),
            .load_word(load_word),
            .load_take(load_accept),
            .execute_empty(execute_empty),
            .execute_word(execute_word),
            .execute_take(execute_accept),
            .store_empty(store_empty),
            .store_word(store_word),
            .store_take(store_accept),
            .load_retire(load_retire),
            .execute_retire(execute_retire),
            .store_retire(store_retire),
            .done(done),
            .waits_for_queue(dispatch_waits_for_queue),
            .drains(dispatch_drains),
            .waits_for_fetch(dispatch_waits_for_fetch)
        );

        // tokens
        //FIELDS load load_word load_head_
        //FIELDS execute execute_word execute_head_
        //FIELDS store store_word store_head_
        logic load_short_of_execute;
        logic load_short_of_store;
        logic execute_short_of_load;
        logic execute_short_of_store;
        logic store_short_of_load;
        logic store_short_of_execute;
        logic load_signals_execute;
        logic load_signals_store;
        logic execute_signals_load;
        logic execute_signals_store;
        logic store_signals_load;
        logic store_signals_execute;

        systolic_tokens tokens (
            .clk(clk),
            .rst_n(rst_n),
            .start(start),
            .load_take(load_accept),
            .load_retire(load_retire),
            .execute_take(execute_accept),
            .execute_retire(execute_retire),
            .store_take(store_accept),
            .store_retire(store_retire),
            .load_wait_execute(load_head_wait_execute),
            .execute_signal_load(execute_signals_load),
            .load_short_of_execute(load_short_of_execute),
            .load_wait_store(load_head_wait_store),
            .store_signal_load(store_signals_load),
            .load_short_of_store(load_short_of_store),
            .execute_wait_load(execute_head_wait_load),
            .load_signal_execute(load_signals_execute),
            .execute_short_of_load(execute_short_of_load),
            .execute_wait_store(execute_head_wait_store),
            .store_signal_execute(store_signals_execute),
            .execute_short_of_store(execute_short_of_store),
            .store_wait_load(store_head_wait_load),
            .load_signal_store(load_signals_store),
            .store_short_of_load(store_short_of_load),
            .store_wait_execute(store_head_wait_execute),
            .execute_signal_store(execute_signals_store),
            .store_short_of_execute(store_short_of_execute)
        );

      """;

  private static final String LOAD =
      """
        // load
        logic load_ask;
        logic [31:0] load_address;
        logic [7:0] load_length;
        logic load_granted;
        logic load_burst_consumed;
        logic request_active;
        logic descriptors_empty;
        logic descriptors_full;
        logic [LOAD_BITS-1:0] descriptor;
        logic descriptor_take;
        logic fill_active;
        logic fill_emit;
        logic scratchpad_write;
        logic parameter_write;
        logic [TA-1:0] piece_row;
        logic [POSITION_BITS-1:0] piece_position;
        logic [LW:0] piece_bytes;
        logic [8*W-1:0] piece_lanes;
        wire load_underway = !descriptors_empty || request_active;
        wire unused_piece_row = &{1'b0, piece_row};

        systolic_load_request load_request (
            .clk(clk),
            .rst_n(rst_n),
            .empty(load_empty),
            .word(load_word),
            .short_of_tokens(load_short_of_execute || load_short_of_store),
            .descriptors_full(descriptors_full),
            .accept(load_accept),
            .ask(load_ask),
            .ask_address(load_address),
            .ask_length(load_length),
            .granted(load_granted),
            .burst_consumed(load_burst_consumed),
            .active(request_active)
        );

        systolic_queue #(
            .WIDTH(LOAD_BITS),
            .DEPTH(4)
        ) descriptors (
            .clk(clk),
            .rst_n(rst_n),
            .push(load_accept),
            .push_data(load_word),
            .pop(descriptor_take),
            .head(descriptor),
            .empty(descriptors_empty),
            .full(descriptors_full)
        );

        systolic_load_fill load_fill (
            .clk(clk),
            .rst_n(rst_n),
            .empty(descriptors_empty),
            .descriptor(descriptor),
            .take(descriptor_take),
            .active(fill_active),
            .emit(fill_emit),
            .beat(m_axi_rvalid && m_axi_rid),
            .beat_data(m_axi_rdata),
            .burst_consumed(load_burst_consumed),
            .write_scratchpad(scratchpad_write),
            .write_parameters(parameter_write),
            .write_row(piece_row),
            .write_position(piece_position),
            .write_bytes(piece_bytes),
            .write_lanes(piece_lanes),
            .retire(load_retire),
            .signal_execute(load_signals_execute),
            .signal_store(load_signals_store)
        );

        systolic_read_arbiter read_arbiter (
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

        // scratchpad
        logic activation_read;
        logic [SA-1:0] activation_row;
        logic [8*R-1:0] activation_data;
        logic weight_read;
        logic [SA-1:0] weight_row;
        logic [8*C-1:0] weight_data;
        logic residual_read;
        logic [SA-1:0] residual_row;
        logic [8*C-1:0] residual_data;

        systolic_scratchpad scratchpad (
            .clk(clk),
            .write(scratchpad_write),
            .write_row(piece_row[SA-1:0]),
            .write_position(piece_position),
            .write_bytes(piece_bytes),
            .write_lanes(piece_lanes),
            .activation_read(activation_read),
            .activation_row(activation_row),
            .activation_data(activation_data),
            .weight_read(weight_read),
            .weight_row(weight_row),
            .weight_data(weight_data),
            .residual_read(residual_read),
            .residual_row(residual_row),
            .residual_data(residual_data),
            .conflict(scratchpad_conflict)
        );

      """;

  private static final String EXECUTE =
      """
        // execute
        logic a_valid;
        logic [R-1:0] a_mask;
        logic swap;
        logic w_load;
        logic [HOP_BITS-1:0] w_hops;
        logic pixel;
        logic [AA-1:0] pixel_row;
        logic pixel_adds;
        logic pixel_retires;
        logic pixel_signals_load;
        logic pixel_signals_store;
        logic stream_busy;
        logic stream_short_tile;
        logic stream_waits_for_weights;
        logic [32*C-1:0] result;
        logic accumulator_add_read;
        logic accumulator_write;
        logic output_read;
        logic [AA-1:0] output_row;
        logic [32*C-1:0] output_data;
        wire stream_occupied = stream_busy || stream_short_tile || stream_waits_for_weights;
      @OS_WIRES@
        systolic_execute execute (
            .clk(clk),
            .rst_n(rst_n),
            .empty(execute_empty),
            .word(execute_word),
            .short_of_tokens(execute_short_of_load || execute_short_of_store),
            .accept(execute_accept),
            .retire(execute_retire),
            .activation_read(activation_read),
            .activation_row(activation_row),
            .weight_read(weight_read),
            .weight_row(weight_row),
            .a_valid(a_valid),
            .a_mask(a_mask),
            .swap(swap),
            .w_load(w_load),
            .w_hops(w_hops),
      @OS_EXECUTE@      .pixel(pixel),
            .pixel_row(pixel_row),
            .pixel_adds(pixel_adds),
            .pixel_retires(pixel_retires),
            .pixel_signals_load(pixel_signals_load),
            .pixel_signals_store(pixel_signals_store),
            .busy(stream_busy),
            .short_tile(stream_short_tile),
            .waits_for_weights(stream_waits_for_weights)
        );

        systolic_array array (
            .clk(clk),
            .rst_n(rst_n),
            .a_valid(a_valid),
            .a_mask(a_mask),
            .a_data(activation_data),
            .swap(swap),
            .w_load(w_load),
            .w_hops(w_hops),
            .w_data(weight_data),
      @OS_ARRAY@      .result(result)
        );

        systolic_accumulator accumulator (
            .clk(clk),
            .rst_n(rst_n),
            .pixel(pixel),
            .pixel_row(pixel_row),
            .pixel_adds(pixel_adds),
            .pixel_retires(pixel_retires),
            .pixel_signals_load(pixel_signals_load),
            .pixel_signals_store(pixel_signals_store),
            .result(result),
            .retire(execute_retire),
            .signal_load(execute_signals_load),
            .signal_store(execute_signals_store),
            .add_read(accumulator_add_read),
            .write(accumulator_write),
            .output_read(output_read),
            .output_row(output_row),
            .output_data(output_data),
            .conflict(accumulator_conflict)
        );

      """;

  private static final String STORE =
      """
        // store
        logic store_active;
        logic store_advance;
        logic address_active;
        logic stores_full;
        logic store_unretired;
        logic fifo_full;
        logic fifo_empty;
        logic data_allowed;
        logic parameter_read;
        logic [PA-1:0] parameter_row;
        logic [64*C-1:0] parameter_data;
        logic [STORE_BITS-1:0] store_instruction;
        logic chunk;
        logic [CHUNK_BITS-1:0] chunk_index;
        logic [G_BITS-1:0] chunk_bytes;
        logic chunk_ends_line;
        logic flush;
        logic flush_ends;
        logic [32*C-1:0] values;
        logic [8*C-1:0] residuals;
        logic out_chunk;
        logic [G_BITS-1:0] out_bytes;
        logic out_ends_line;
        logic out_flush;
        logic out_flush_ends;
        logic [8*G-1:0] out_data;
        logic push;
        logic push_last;
        logic [W-1:0] push_strobe;
        logic [8*W-1:0] push_data;

        assign store_accept = !store_empty && !store_short_of_load && !store_short_of_execute
            && !store_active && !address_active && !stores_full;

        systolic_store_read store_read (
            .clk(clk),
            .rst_n(rst_n),
            .accept(store_accept),
            .word(store_word),
            .active(store_active),
            .stall(fifo_full),
            .advance(store_advance),
            .ends(out_flush && out_flush_ends),
            .output_read(output_read),
            .output_row(output_row),
            .output_data(output_data),
            .residual_read(residual_read),
            .residual_row(residual_row),
            .residual_data(residual_data),
            .parameter_read(parameter_read),
            .parameter_row(parameter_row),
            .instruction(store_instruction),
            .chunk(chunk),
            .chunk_index(chunk_index),
            .chunk_bytes(chunk_bytes),
            .chunk_ends_line(chunk_ends_line),
            .flush(flush),
            .flush_ends(flush_ends),
            .values(values),
            .residuals(residuals)
        );

        systolic_parameter_memory parameter_memory (
            .clk(clk),
            .write(parameter_write),
            .write_row(piece_row[PA-1:0]),
            .write_position(piece_position),
            .write_bytes(piece_bytes),
            .write_lanes(piece_lanes),
            .read(parameter_read),
            .read_row(parameter_row),
            .read_data(parameter_data)
        );

        systolic_post_processing post_processing (
            .clk(clk),
            .rst_n(rst_n),
            .clear(store_accept),
            .advance(store_advance),
            .instruction(store_instruction),
            .parameters(parameter_data),
            .chunk(chunk),
            .chunk_index(chunk_index),
            .chunk_bytes(chunk_bytes),
            .chunk_ends_line(chunk_ends_line),
            .flush(flush),
            .flush_ends(flush_ends),
            .values(values),
            .residuals(residuals),
            .out_chunk(out_chunk),
            .out_bytes(out_bytes),
            .out_ends_line(out_ends_line),
            .out_flush(out_flush),
            .out_flush_ends(out_flush_ends),
            .out_data(out_data)
        );

        systolic_store_packer store_packer (
            .clk(clk),
            .accept(store_accept),
            .word(store_word),
            .advance(store_advance),
            .chunk(out_chunk),
            .chunk_bytes(out_bytes),
            .chunk_ends_line(out_ends_line),
            .flush(out_flush),
            .chunk_data(out_data),
            .push(push),
            .push_last(push_last),
            .push_strobe(push_strobe),
            .push_data(push_data)
        );

        systolic_write_fifo #(
            .WIDTH(9 * W + 1),
            .DEPTH(FIFO)
        ) write_fifo (
            .clk(clk),
            .rst_n(rst_n),
            .push(push),
            .push_data({push_last, push_strobe, push_data}),
            .pop(m_axi_wvalid && m_axi_wready),
            .head({m_axi_wlast, m_axi_wstrb, m_axi_wdata}),
            .empty(fifo_empty),
            .full(fifo_full)
        );

        assign m_axi_wvalid = !fifo_empty && data_allowed;

        systolic_store_address store_address (
            .clk(clk),
            .rst_n(rst_n),
            .accept(store_accept),
            .word(store_word),
            .active(address_active),
            .full(stores_full),
            .unretired(store_unretired),
            .awvalid(m_axi_awvalid),
            .awready(m_axi_awready),
            .awaddr(m_axi_awaddr),
            .awlen(m_axi_awlen),
            .data_allowed(data_allowed),
            .data_accepted(m_axi_wvalid && m_axi_wready),
            .response(m_axi_bvalid),
            .retire(store_retire),
            .signal_load(store_signals_load),
            .signal_execute(store_signals_execute)
        );

      """;

  private static final String COUNT =
      """
        // one event for each performance counter
      @EVENTS@
        systolic_counters counters (
            .clk(clk),
            .rst_n(rst_n),
            .start(start),
            .running(busy),
      @COUNTERS@      .index(counter_index),
            .value(counter)
        );
      endmodule
      """;
}
