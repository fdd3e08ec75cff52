// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.Arrays;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.systolic.Emitter.Rows;

/**
 * Who used each bank of the scratchpad last, because a bank has one read port and one write port:
 * what different units do with it, or one unit in different roles, must be in order.
 *
 * <pre>
 * read as activation, as weight     by execute
 * read as residual                  by store
 * written                           by load, by store
 * </pre>
 */
final class ScratchpadBanks {
  private final int bankRows;
  private final int[] activations;
  private final int[] weights;
  private final int[] residuals;
  private final int[] loads;
  private final int[] stores;

  ScratchpadBanks(SystolicArchitecture a) {
    bankRows = a.scratchpad().rowsPerBank();
    int banks = a.scratchpad().banks();
    activations = unset(banks);
    weights = unset(banks);
    residuals = unset(banks);
    loads = unset(banks);
    stores = unset(banks);
  }

  private static int[] unset(int banks) {
    int[] order = new int[banks];
    Arrays.fill(order, -1);
    return order;
  }

  /** Order of the last execute that reads activations in the rows' banks, -1 if there is none. */
  int activationRead(Rows rows) {
    return last(activations, rows);
  }

  /** Order of the last execute that reads weights there. */
  int weightRead(Rows rows) {
    return last(weights, rows);
  }

  /** Order of the last store that reads residuals there. */
  int residualRead(Rows rows) {
    return last(residuals, rows);
  }

  /** Order of the last load that writes there. */
  int loaded(Rows rows) {
    return last(loads, rows);
  }

  /** Order of the last store that writes there. */
  int stored(Rows rows) {
    return last(stores, rows);
  }

  void readActivations(Rows rows, int order) {
    mark(activations, rows, order);
  }

  void readWeights(Rows rows, int order) {
    mark(weights, rows, order);
  }

  void readResiduals(Rows rows, int order) {
    mark(residuals, rows, order);
  }

  void load(Rows rows, int order) {
    mark(loads, rows, order);
  }

  void store(Rows rows, int order) {
    mark(stores, rows, order);
  }

  private int last(int[] orders, Rows rows) {
    int last = -1;
    for (int b = first(rows); b < end(rows); b++) {
      last = Math.max(last, orders[b]);
    }
    return last;
  }

  private void mark(int[] orders, Rows rows, int order) {
    Arrays.fill(orders, first(rows), end(rows), order);
  }

  private int first(Rows rows) {
    return rows.from() / bankRows;
  }

  private int end(Rows rows) {
    return rows.isEmpty() ? first(rows) : (rows.to() - 1) / bankRows + 1;
  }
}
