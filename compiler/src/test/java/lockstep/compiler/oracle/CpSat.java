// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.ortools.Loader;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;

/** The solver that the heuristics are held to, on cases small enough for it to be exact. */
public final class CpSat {
  private CpSat() {}

  /** Skips the test where the build has no native library for the machine. */
  public static void needed() {
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    assumeTrue(
        machine.equals("Linux amd64"),
        () -> "skipped: the build has OR-Tools for Linux amd64 only, not for " + machine);
    Loader.loadNativeLibraries();
  }

  /** Solves a model to the optimum, the same way every time. */
  public static CpSolver solve(CpModel model, String which) {
    CpSolver solver = new CpSolver();
    solver.getParameters().setNumWorkers(1);
    solver.getParameters().setRandomSeed(1);
    solver.getParameters().setMaxDeterministicTime(20);
    assertThat(solver.solve(model)).as(which).isEqualTo(CpSolverStatus.OPTIMAL);
    return solver;
  }
}
