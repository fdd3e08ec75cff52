// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

/**
 * The performance counters of a VLIW machine, 64 bits each, in the order of its register map. The
 * account of issue names one reason for every cycle of the run, so its sum is {@link #CYCLES};
 * {@code docs/vliw.md} defines them. Every machine has all of them, also those of slots that it
 * does not have.
 */
public enum VliwCounter {
  CYCLES("cycles", "cycles from start to done"),
  BUNDLES("bundles", "bundles issued"),

  ISSUE_BUSY("issue.busy", "a bundle issued"),
  ISSUE_FETCH("issue.fetch", "the bundle had not arrived"),
  ISSUE_BANK("issue.bank", "a bank of local memory served the step before"),
  ISSUE_WAIT("issue.wait", "waiting for transfers to finish"),
  ISSUE_TRANSFER("issue.transfer", "no room for another transfer"),
  ISSUE_DRAIN("issue.drain", "halt waited for transfers"),

  SCALAR_OPERATIONS("scalar.operations", "operations of scalar slots"),
  LOAD_OPERATIONS("load.operations", "operations of load slots"),
  STORE_OPERATIONS("store.operations", "operations of store slots"),
  MATRIX_OPERATIONS("matrix.operations", "operations of matrix slots"),
  VECTOR_OPERATIONS("vector.operations", "operations of vector slots"),
  SPECIAL_OPERATIONS("special.operations", "operations of special slots"),
  PERMUTE_OPERATIONS("permute.operations", "operations of permute slots"),
  DMA_OPERATIONS("dma.operations", "operations of the DMA slot"),

  READ_BEATS("read_beats", "beats read from off-chip memory, bundles included"),
  WRITE_BEATS("write_beats", "beats written to off-chip memory"),
  LOCAL_READS("local_reads", "words of local memory read by slots"),
  LOCAL_WRITES("local_writes", "words of local memory written by slots"),
  CONSTANT_WRITES("constant_writes", "cycles in which a transfer of a constant wrote");

  private final String key;
  private final String meaning;

  VliwCounter(String key, String meaning) {
    this.key = key;
    this.meaning = meaning;
  }

  /** The counter of the operations of slots of {@code kind}. */
  public static VliwCounter operations(SlotKind kind) {
    return values()[SCALAR_OPERATIONS.ordinal() + kind.ordinal()];
  }

  /** The counter's name in results and in the register map. */
  public String key() {
    return key;
  }

  public String meaning() {
    return meaning;
  }
}
