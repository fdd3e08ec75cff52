// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.systolic;

/**
 * The performance counters of a systolic machine, 64 bits each, in the order of its register map.
 * The accounts (one group for each unit) name one reason for every cycle of the run, so each
 * group's sum is {@link #CYCLES}; {@code docs/timing-contracts.md} defines them.
 */
public enum SystolicCounter {
  CYCLES("cycles", "cycles from start to done"),
  INSTRUCTIONS("instructions", "instructions dispatched, without HALT"),

  DISPATCH_BUSY("dispatch.busy", "an instruction moved to its queue"),
  DISPATCH_QUEUE("dispatch.queue", "the unit's queue was full"),
  DISPATCH_DRAIN("dispatch.drain", "HALT waited for the units"),
  DISPATCH_FETCH("dispatch.fetch", "no instruction in the buffer"),

  LOAD_BUSY("load.busy", "a piece was emitted"),
  LOAD_MEMORY("load.memory", "waiting for data from memory"),
  LOAD_START("load.start", "between acceptance and the first piece"),
  LOAD_TOKEN_EXECUTE("load.token_execute", "waiting for a token of execute"),
  LOAD_TOKEN_STORE("load.token_store", "waiting for a token of store"),
  LOAD_IDLE("load.idle", "no instruction"),

  EXECUTE_BUSY("execute.busy", "activations streamed"),
  EXECUTE_SHORT_TILE("execute.short_tile", "a tile of fewer than three pixels"),
  EXECUTE_WEIGHTS("execute.weights", "waiting for the preload of weights"),
  EXECUTE_TOKEN_LOAD("execute.token_load", "waiting for a token of load"),
  EXECUTE_TOKEN_STORE("execute.token_store", "waiting for a token of store"),
  EXECUTE_START("execute.start", "an instruction being accepted"),
  EXECUTE_IDLE("execute.idle", "no instruction"),

  STORE_BUSY("store.busy", "the pipeline advanced"),
  STORE_WRITE("store.write", "the write FIFO was full"),
  STORE_TOKEN_LOAD("store.token_load", "waiting for a token of load"),
  STORE_TOKEN_EXECUTE("store.token_execute", "waiting for a token of execute"),
  STORE_START("store.start", "an instruction being accepted"),
  STORE_RESPONSE("store.response", "waiting for a write response"),
  STORE_IDLE("store.idle", "no instruction"),

  READ_BEATS("read_beats", "beats read from memory, instructions included"),
  WRITE_BEATS("write_beats", "beats written to memory"),
  SCRATCHPAD_WRITES("scratchpad_writes", "pieces written to the scratchpad"),
  PARAMETER_WRITES("parameter_writes", "pieces written to the parameter memory"),
  ACTIVATION_READS("activation_reads", "scratchpad rows read as activations"),
  WEIGHT_READS("weight_reads", "scratchpad rows read as weights"),
  RESIDUAL_READS("residual_reads", "scratchpad rows read as residuals"),
  ACCUMULATOR_WRITES("accumulator_writes", "accumulator rows written"),
  ACCUMULATOR_READS("accumulator_reads", "accumulator rows read to be added to"),
  OUTPUT_READS("output_reads", "accumulator rows read by store"),
  SCRATCHPAD_STORES("scratchpad_stores", "chunks written to the scratchpad by store");

  private final String key;
  private final String meaning;

  SystolicCounter(String key, String meaning) {
    this.key = key;
    this.meaning = meaning;
  }

  /** The counter's name in results and in the register map. */
  public String key() {
    return key;
  }

  public String meaning() {
    return meaning;
  }
}
