// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/** Control registers, fetch, expansion, dispatch and tokens in {@link Top}. */
final class TopControl {
  private TopControl() {}

  static final String TEXT =
      """
        // control
        logic start;
        logic done;
        logic [31:0] program_address;
        logic [31:0] program_bytes;
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
            .program_bytes(program_bytes),
            .done(done),
            .ready(fetch_drained),
            .conflict(scratchpad_conflict || accumulator_conflict),
            .bus_error(bus_error),
            .fault(fault),
            .counter_index(counter_index),
            .counter(counter)
        );

        // fetch, expansion and dispatch
        logic fetch_ask;
        logic [31:0] fetch_address;
        logic [7:0] fetch_length;
        logic fetch_first;
        logic fetch_granted;
        logic fetched;
        logic [8*IB-1:0] fetched_entry;
        logic entry_expanded;
        logic expanded;
        logic [IW-1:0] expanded_word;
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
            .program_bytes(program_bytes),
            .ask(fetch_ask),
            .ask_address(fetch_address),
            .ask_length(fetch_length),
            .first_of_group(fetch_first),
            .granted(fetch_granted),
            .beat(m_axi_rvalid && !m_axi_rid),
            .beat_data(m_axi_rdata),
            .head_valid(fetched),
            .head(fetched_entry),
            .take(entry_expanded),
            .drained(fetch_drained)
        );

        systolic_expand expand (
            .clk(clk),
            .rst_n(rst_n),
            .start(start),
            .entry_valid(fetched),
            .entry(fetched_entry),
            .entry_take(entry_expanded),
            .head_valid(expanded),
            .head(expanded_word),
            .take(dispatched)
        );

        systolic_dispatch dispatch (
            .clk(clk),
            .rst_n(rst_n),
            .start(start),
            .running(busy),
            .head_valid(expanded),
            .head(expanded_word),
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
}
