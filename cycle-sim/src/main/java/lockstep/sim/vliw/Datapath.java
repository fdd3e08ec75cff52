// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.Arrays;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.vliw.SlotKind;
import lockstep.sim.vliw.Bundle.Access;
import lockstep.sim.vliw.ValueOperation.Fill;
import lockstep.sim.vliw.ValueOperation.Greater;
import lockstep.sim.vliw.ValueOperation.Inverse;
import lockstep.sim.vliw.ValueOperation.Lanes;
import lockstep.sim.vliw.ValueOperation.Lookup;
import lockstep.sim.vliw.ValueOperation.Multiply;
import lockstep.sim.vliw.ValueOperation.Narrow;
import lockstep.sim.vliw.ValueOperation.Requantise;
import lockstep.sim.vliw.ValueOperation.Scale;
import lockstep.sim.vliw.ValueOperation.Select;
import lockstep.sim.vliw.ValueOperation.Shuffle;
import lockstep.sim.vliw.ValueOperation.Splat;
import lockstep.sim.vliw.ValueOperation.Sums;
import lockstep.sim.vliw.ValueOperation.Widen;

/**
 * The values: vectors, accumulators, tables, local and off-chip memory, step by step. A transfer
 * moves its bytes when it starts, which a program that keeps the rules cannot tell from later.
 */
final class Datapath {
  private final VectorRegisters vectors;
  private final MatrixUnit matrix;
  private final VectorUnit vector;
  private final CodeUnits codes;
  private final Inverses inverses;
  private final byte[] local;
  private final byte[] memory;
  private final int wordBytes;
  private final int loadLatency;
  private final int vectorLatency;
  private final int specialLatency;
  private final int permuteLatency;

  Datapath(VliwArchitecture machine, byte[] memory) {
    this.memory = memory;
    local = new byte[Math.toIntExact(machine.localMemory().capacityBytes())];
    wordBytes = machine.localMemory().widthBytes();
    vectors = new VectorRegisters(machine);
    matrix = new MatrixUnit(machine);
    vector = new VectorUnit(machine, vectors, matrix);
    codes = new CodeUnits(machine, vectors);
    inverses = new Inverses(machine, vectors);
    loadLatency = SlotKind.LOAD.latency(machine);
    vectorLatency = SlotKind.VECTOR.latency(machine);
    specialLatency = SlotKind.SPECIAL.latency(machine);
    permuteLatency = SlotKind.PERMUTE.latency(machine);
  }

  /** Off-chip memory. */
  byte[] memory() {
    return memory;
  }

  /** Does what {@code bundle} does to vectors and local memory in step {@code now}. */
  void step(Bundle bundle, LocalAddresses addresses, long now) {
    vectors.begin(now);
    matrix.begin(now);
    codes.begin(now);
    for (ValueOperation operation : bundle.values()) {
      compute(operation, now);
    }
    int piece = 0;
    for (Access access : bundle.accesses()) {
      if (access.store()) {
        store(access, addresses, piece);
      } else {
        load(access, addresses, piece, now + loadLatency);
      }
      piece += access.pieces();
    }
  }

  private void load(Access load, LocalAddresses addresses, int piece, long arrival) {
    int to = vectors.result(load.register(), arrival);
    for (int i = 0; i < load.pieces(); i++) {
      int from = addresses.word(piece + i) * wordBytes;
      System.arraycopy(local, from, vectors.results(), to + i * wordBytes, wordBytes);
    }
  }

  private void store(Access store, LocalAddresses addresses, int piece) {
    int from = vectors.offset(store.register(), 0);
    for (int i = 0; i < store.pieces(); i++) {
      int to = addresses.word(piece + i) * wordBytes;
      System.arraycopy(vectors.values(), from + i * wordBytes, local, to, wordBytes);
    }
  }

  private void compute(ValueOperation operation, long now) {
    switch (operation) {
      case Multiply o -> matrix.multiply(o, vectors, now);
      case Requantise o -> vector.requantise(o, now + vectorLatency);
      case Sums o -> vector.sums(o, now + vectorLatency);
      case Lanes o -> vector.lanes(o, now + vectorLatency);
      case Scale o -> vector.scale(o, now + vectorLatency);
      case Splat o -> vector.splat(o, now + vectorLatency);
      case Widen o -> vector.widen(o, now + vectorLatency);
      case Narrow o -> vector.narrow(o, now + vectorLatency);
      case Greater o -> vector.greater(o, now + vectorLatency);
      case Select o -> vector.select(o, now + vectorLatency);
      case Lookup o -> codes.lookup(o, now + specialLatency);
      case Fill o -> codes.fill(o, now + specialLatency);
      case Inverse o -> inverses.apply(o, now + specialLatency);
      case Shuffle o -> codes.shuffle(o, now + permuteLatency);
    }
  }

  /** Moves the bytes of a transfer. */
  void move(Transfer transfer) {
    Runs runs = new Runs(transfer);
    int bytes = transfer.bytes();
    do {
      int at = runs.local();
      if (transfer.constant()) {
        Arrays.fill(local, at, at + bytes, transfer.code());
      } else if (transfer.out()) {
        System.arraycopy(local, at, memory, (int) runs.memory(), bytes);
      } else {
        System.arraycopy(memory, (int) runs.memory(), local, at, bytes);
      }
    } while (runs.next());
  }
}
