// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.schedule;

import java.util.List;
import lockstep.compiler.schedule.ModuloProblem.Operation;
import lockstep.compiler.schedule.ModuloProblem.Use;

/** What the operations of a schedule take of the resources in each step of the interval. */
public final class ModuloTable {
  private final List<Operation> operations;
  private final int interval;
  private final int[] capacities;
  private final int[][] taken;

  /** Of a schedule without operations. */
  public ModuloTable(ModuloProblem problem, int interval) {
    operations = problem.operations();
    this.interval = interval;
    capacities = problem.resources().stream().mapToInt(r -> r.capacity()).toArray();
    taken = new int[capacities.length][interval];
  }

  /** Whether an operation has all that it takes if it issues in a step. */
  public boolean fits(int operation, int step) {
    List<Use> uses = operations.get(operation).uses();
    boolean fits = true;
    for (int i = 0; i < uses.size(); i++) {
      fits &= add(uses.get(i), step, 1);
    }
    for (int i = 0; i < uses.size(); i++) {
      add(uses.get(i), step, -1);
    }
    return fits;
  }

  /**
   * Takes what an operation needs in a step.
   *
   * @param sign 1, or -1 to give it back
   */
  public void take(int operation, int step, int sign) {
    for (Use use : operations.get(operation).uses()) {
      add(use, step, sign);
    }
  }

  private boolean add(Use use, int step, int sign) {
    int row = (step + use.offset()) % interval;
    taken[use.resource()][row] += sign * use.amount();
    return taken[use.resource()][row] <= capacities[use.resource()];
  }
}
