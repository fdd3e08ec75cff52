// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.port.Fetch;

/** Fetch, expansion, dispatch and tokens in {@link Top}. */
final class TopControl {
  private TopControl() {}

  static final String TEXT =
      """
        // fetch, expansion and dispatch
      """
          + Fetch.SIGNALS
          + """
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

      """
          + Fetch.instance("entry_expanded")
          + """
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
