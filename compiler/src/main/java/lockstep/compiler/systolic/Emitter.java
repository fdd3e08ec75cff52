// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Store;

/**
 * Collects instructions and gives them the tokens that their memory accesses need.
 *
 * <p>Each memory row knows who wrote and who read it last. An instruction that must come after one
 * of another unit makes that one signal, unless a later one of that unit is waited for already;
 * units retire in order, so every wait is for one token. Banks are tracked as a whole, too, because
 * a bank has one read port and one write port.
 */
final class Emitter {
  private static final int LOAD = 0;
  private static final int EXECUTE = 1;
  private static final int STORE = 2;
  private static final int SIGNALS_PER_OCTAVE = 24;

  /** A half-open range of rows. */
  record Rows(int from, int to) {
    static final Rows NONE = new Rows(0, 0);

    static Rows of(int from, int count) {
      return new Rows(from, from + count);
    }

    boolean isEmpty() {
      return from >= to;
    }
  }

  private record Emitted(SystolicInstruction instruction, int layer, int unit, int order) {}

  private final List<Emitted> instructions = new ArrayList<>();
  private final int[] counts = new int[3];
  // waits[consumer][producer]: instruction order of the consumer that waits, for each of its waits
  private final List<List<int[]>> waits = new ArrayList<>();
  private final int[][] satisfied = new int[3][3];

  private final ScratchpadBanks banks;
  private final int[] loaded;
  private final int[] kept;
  private final int[] readByExecute;
  private final int[] readByStore;
  private final int[] accumulatorExecute;
  private final int[] accumulatorStore;
  private final int[] parameterWritten;
  private final int[] parameterRead;
  private final int accumulatorBankRows;
  private final Map<String, List<long[]>> stored = new HashMap<>();
  private int layer;
  private int loadsOfEarlierLayers = -1;

  Emitter(SystolicArchitecture a) {
    banks = new ScratchpadBanks(a);
    loaded = unset(a.scratchpad().totalRows());
    kept = unset(a.scratchpad().totalRows());
    readByExecute = unset(a.scratchpad().totalRows());
    readByStore = unset(a.scratchpad().totalRows());
    accumulatorExecute = unset(a.accumulator().banks());
    accumulatorStore = unset(a.accumulator().banks());
    parameterWritten = unset(a.postProcessing().parameterRows());
    parameterRead = unset(a.postProcessing().parameterRows());
    accumulatorBankRows = a.accumulator().rowsPerBank();
    for (int i = 0; i < 9; i++) {
      waits.add(new ArrayList<>());
    }
    for (int[] row : satisfied) {
      Arrays.fill(row, -1);
    }
  }

  /** What follows is of layer {@code index}. */
  void beginLayer(int index) {
    layer = index;
    loadsOfEarlierLayers = counts[LOAD] - 1;
  }

  /** Loads scratchpad rows that execute will read as activations. */
  void loadActivations(RowLoad load) {
    load(load, banks.weightRead(load.rows()));
  }

  /** Loads scratchpad rows that execute will read as weights. */
  void loadWeights(RowLoad load) {
    load(load, banks.activationRead(load.rows()));
  }

  /** Loads scratchpad rows that store will read as residuals, or that surround what it keeps. */
  void load(RowLoad load) {
    load(load, -1);
  }

  private void load(RowLoad load, int lastExecute) {
    int order = counts[LOAD];
    Rows rows = load.rows();
    need(LOAD, EXECUTE, Math.max(lastExecute, largest(readByExecute, rows)));
    int lastStore = lastStoreTo(load.root(), load.from(), load.to());
    lastStore = Math.max(lastStore, banks.stored(rows));
    need(LOAD, STORE, Math.max(largest(readByStore, rows), lastStore));
    Arrays.fill(loaded, rows.from(), rows.to(), order);
    banks.load(rows, order);
    add(load.load(), LOAD);
  }

  /** Loads parameter rows. */
  void loadParameters(RowLoad load) {
    int order = counts[LOAD];
    Rows rows = load.rows();
    need(LOAD, STORE, largest(parameterRead, rows));
    Arrays.fill(parameterWritten, rows.from(), rows.to(), order);
    add(load.load(), LOAD);
  }

  void execute(Execute e, Rows activations, Rows weights, Rows accumulators) {
    int order = counts[EXECUTE];
    int load = Math.max(largest(loaded, activations), largest(loaded, weights));
    Rows accumulatorBanks = accumulatorBanks(accumulators);
    int store = Math.max(largest(kept, activations), largest(accumulatorStore, accumulatorBanks));
    store = Math.max(store, banks.residualRead(activations));
    store = Math.max(store, banks.residualRead(weights));
    need(EXECUTE, LOAD, load);
    need(EXECUTE, STORE, store);
    Arrays.fill(readByExecute, activations.from(), activations.to(), order);
    Arrays.fill(readByExecute, weights.from(), weights.to(), order);
    banks.readActivations(activations, order);
    banks.readWeights(weights, order);
    fill(accumulatorExecute, accumulatorBanks, order);
    add(e, EXECUTE);
  }

  /** Stores to {@code [from, to)} of tensor {@code root}; {@code residual} may be empty. */
  void store(Store s, Rows accumulators, Rows residual, String root, long from, long to) {
    int order = counts[STORE];
    store(s, accumulators, residual, -1, loadsOfEarlierLayers);
    stored.computeIfAbsent(root, k -> new ArrayList<>()).add(new long[] {order, from, to});
  }

  /** Stores to scratchpad rows; {@code residual} may be empty. */
  void keep(Store s, Rows accumulators, Rows residual, Rows target) {
    int order = counts[STORE];
    int execute = Math.max(largest(readByExecute, target), banks.weightRead(target));
    store(s, accumulators, residual, execute, banks.loaded(target));
    Arrays.fill(kept, target.from(), target.to(), order);
    banks.store(target, order);
  }

  private void store(Store s, Rows accumulators, Rows residual, int lastExecute, int lastLoad) {
    int order = counts[STORE];
    Rows accumulatorBanks = accumulatorBanks(accumulators);
    int execute = Math.max(lastExecute, largest(accumulatorExecute, accumulatorBanks));
    execute = Math.max(execute, banks.activationRead(residual));
    need(STORE, EXECUTE, Math.max(execute, banks.weightRead(residual)));
    int load = Math.max(lastLoad, parameterWritten[s.parameterRow()]);
    need(STORE, LOAD, Math.max(load, largest(loaded, residual)));
    fill(accumulatorStore, accumulatorBanks, order);
    Arrays.fill(readByStore, residual.from(), residual.to(), order);
    banks.readResiduals(residual, order);
    parameterRead[s.parameterRow()] = order;
    add(s, STORE);
  }

  private static void fill(int[] orders, Rows rows, int order) {
    Arrays.fill(orders, rows.from(), rows.to(), order);
  }

  private void add(SystolicInstruction instruction, int unit) {
    instructions.add(new Emitted(instruction, layer, unit, counts[unit]++));
  }

  private void need(int consumer, int producer, int order) {
    if (order > satisfied[consumer][producer]) {
      int signaller = coarse(order, counts[producer] - 1);
      satisfied[consumer][producer] = signaller;
      waits.get(consumer * 3 + producer).add(new int[] {counts[consumer], signaller});
    }
  }

  /**
   * The instruction to wait for instead of {@code order}: the further it lies behind the producer's
   * latest one, the coarser the grid of those that signal, so that a counter never overflows
   * however far the producer runs ahead. All instructions up to {@code latest} come earlier in the
   * program, so waiting for a later one cannot deadlock.
   */
  private static int coarse(int order, int latest) {
    int grid = Math.max(1, (latest - order) / SIGNALS_PER_OCTAVE);
    return Math.min(latest, Math.ceilDiv(order + 1, grid) * grid - 1);
  }

  private int lastStoreTo(String root, long from, long to) {
    List<long[]> all = stored.get(root);
    if (all != null) {
      for (int i = all.size() - 1; i >= 0; i--) {
        long[] s = all.get(i);
        if (s[1] < to && from < s[2]) {
          return (int) s[0];
        }
      }
    }
    return -1;
  }

  private Rows accumulatorBanks(Rows rows) {
    return new Rows(rows.from() / accumulatorBankRows, (rows.to() - 1) / accumulatorBankRows + 1);
  }

  private static int largest(int[] of, Rows rows) {
    int max = -1;
    for (int i = rows.from(); i < rows.to(); i++) {
      max = Math.max(max, of[i]);
    }
    return max;
  }

  private static int[] unset(int size) {
    int[] a = new int[size];
    Arrays.fill(a, -1);
    return a;
  }

  /** The instructions with their tokens, HALT at the end, and the layer of each. */
  Instructions finish() {
    boolean[][][] waiting = new boolean[3][3][];
    boolean[][][] signalling = new boolean[3][3][];
    for (int consumer = 0; consumer < 3; consumer++) {
      for (int producer = 0; producer < 3; producer++) {
        waiting[consumer][producer] = new boolean[counts[consumer]];
        signalling[producer][consumer] = new boolean[counts[producer]];
      }
    }
    for (int consumer = 0; consumer < 3; consumer++) {
      for (int producer = 0; producer < 3; producer++) {
        for (int[] wait : waits.get(consumer * 3 + producer)) {
          waiting[consumer][producer][wait[0]] = true;
          signalling[producer][consumer][wait[1]] = true;
        }
      }
    }
    List<SystolicInstruction> result = new ArrayList<>(instructions.size() + 1);
    int[] layers = new int[instructions.size() + 1];
    for (int i = 0; i < instructions.size(); i++) {
      Emitted e = instructions.get(i);
      int first = e.unit == LOAD ? EXECUTE : LOAD;
      int second = e.unit == STORE ? EXECUTE : STORE;
      result.add(
          e.instruction.withTokens(
              waiting[e.unit][first][e.order] ? 1 : 0,
              waiting[e.unit][second][e.order] ? 1 : 0,
              signalling[e.unit][first][e.order],
              signalling[e.unit][second][e.order]));
      layers[i] = e.layer;
    }
    result.add(new SystolicInstruction.Halt());
    layers[instructions.size()] = layer;
    return new Instructions(result, layers);
  }

  record Instructions(List<SystolicInstruction> list, int[] layers) {}
}
