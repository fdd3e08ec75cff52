// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.LinearExprBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lockstep.compiler.oracle.CpSat;
import lockstep.compiler.schedule.ModuloProblem.Dependence;
import lockstep.compiler.schedule.ModuloProblem.Operation;
import lockstep.compiler.schedule.ModuloProblem.Resource;
import lockstep.compiler.schedule.ModuloProblem.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModuloSchedulerTest {
  private static final int CASES = 200;

  private static Operation of(String name, int resource) {
    return new Operation(name, List.of(new Use(resource, 0, 1)));
  }

  /**
   * The shapes of AMD's AIE-ML tutorial: a slot that loads the left operand, one that loads the
   * right one, one that multiplies; loads seen after 5 steps, sums added to in every step. There
   * the interval is the largest count of the three.
   */
  @ParameterizedTest
  @CsvSource({"4x16x8,2,2,1", "4x8x4,1,1,1", "8x8x4,2,1,1", "4x8x8,1,2,1"})
  void theSlotsOfABlockShapeAreBalanced(String shape, int left, int right, int products) {
    List<Operation> operations = new ArrayList<>();
    List<Dependence> dependences = new ArrayList<>();
    for (int i = 0; i < left; i++) {
      operations.add(of("left" + i, 0));
    }
    for (int i = 0; i < right; i++) {
      operations.add(of("right" + i, 1));
    }
    for (int p = 0; p < products; p++) {
      int product = operations.size();
      operations.add(of("product" + p, 2));
      for (int i = 0; i < left + right; i++) {
        dependences.add(new Dependence(i, product, 5, 0));
        dependences.add(new Dependence(product, i, -4, 1));
      }
      dependences.add(new Dependence(product, product, 1, 1));
    }
    var problem =
        new ModuloProblem(
            operations,
            dependences,
            List.of(new Resource("load0", 1), new Resource("load1", 1), new Resource("matrix", 1)));

    ModuloSchedule schedule = ModuloScheduler.of(problem);

    assertThat(schedule.interval()).as(shape).isEqualTo(Math.max(products, Math.max(left, right)));
    assertThat(problem.verify(schedule)).isEmpty();
    assertThat(IntervalBound.of(problem).interval()).isEqualTo(schedule.interval());
  }

  @Test
  void aRecurrenceBoundsTheInterval() {
    var problem =
        new ModuloProblem(
            List.of(of("a", 0), of("b", 0), of("c", 0)),
            List.of(
                new Dependence(0, 1, 3, 0), new Dependence(1, 2, 4, 0), new Dependence(2, 0, 2, 2)),
            List.of(new Resource("slot", 2)));

    IntervalBound bound = IntervalBound.of(problem);

    assertThat(bound).isEqualTo(new IntervalBound(2, "slot", 5)); // 9 steps in two rounds
    ModuloSchedule schedule = ModuloScheduler.of(problem);
    assertThat(schedule.interval()).isEqualTo(5);
    assertThat(schedule.stages()).isEqualTo(2);
    assertThat(problem.verify(schedule)).isEmpty();
  }

  @Test
  void whatCannotBeScheduledIsRefused() {
    var circle =
        new ModuloProblem(
            List.of(of("a", 0), of("b", 0)),
            List.of(new Dependence(0, 1, 1, 0), new Dependence(1, 0, 0, 0)),
            List.of(new Resource("slot", 1)));
    var glutton =
        new ModuloProblem(
            List.of(new Operation("a", List.of(new Use(0, 0, 2)))),
            List.of(),
            List.of(new Resource("port", 1)));

    assertThatThrownBy(() -> ModuloScheduler.of(circle)).hasMessageContaining("within one round");
    assertThatThrownBy(() -> ModuloScheduler.of(glutton))
        .hasMessage("a takes 2 of port, of which a step has 1");
  }

  @Test
  void mistakesOfASchedulesAreSeen() {
    var problem =
        new ModuloProblem(
            List.of(of("a", 0), of("b", 0)),
            List.of(new Dependence(0, 1, 3, 0)),
            List.of(new Resource("slot", 1)));

    assertThat(problem.verify(new ModuloSchedule(2, new int[] {0, 2})))
        .contains("b in step 2, but a lets it issue in step 3 at the earliest");
    assertThat(problem.verify(new ModuloSchedule(2, new int[] {0, 4})))
        .contains("more than 1 of slot in row 0, with b");
    assertThat(problem.verify(new ModuloSchedule(2, new int[] {-1, 4}))).contains("a in step -1");
    assertThat(problem.verify(new ModuloSchedule(2, new int[] {0, 3}))).isEmpty();
  }

  @Test
  void intervalsAreTheShortestThatTheOracleFinds() {
    CpSat.needed();
    int longer = 0;
    int aboveBound = 0;
    for (int seed = 0; seed < CASES; seed++) {
      ModuloProblem problem = draw(seed);
      ModuloSchedule schedule = ModuloScheduler.of(problem);
      assertThat(problem.verify(schedule)).as("seed " + seed).isEmpty();
      int bound = IntervalBound.of(problem).interval();
      int least = bound;
      while (least < schedule.interval() && !possible(problem, least)) {
        least++;
      }
      longer += schedule.interval() > least ? 1 : 0;
      aboveBound += least > bound ? 1 : 0;
    }
    assertThat(longer).as("longer than need be").isLessThanOrEqualTo(LONGER);
    assertThat(aboveBound).as("where the bound cannot be reached").isPositive();
  }

  /** Measured over the seeds. */
  private static final int LONGER = 0;

  private static ModuloProblem draw(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Resource> resources = new ArrayList<>();
    int kinds = 1 + random.nextInt(3);
    for (int r = 0; r < kinds; r++) {
      resources.add(new Resource("r" + r, 1 + random.nextInt(2)));
    }
    resources.add(new Resource("write ports", 1 + random.nextInt(2)));
    List<Operation> operations = new ArrayList<>();
    int count = 2 + random.nextInt(9);
    for (int i = 0; i < count; i++) {
      List<Use> uses = new ArrayList<>();
      uses.add(new Use(random.nextInt(kinds), 0, 1));
      if (random.nextBoolean()) {
        uses.add(new Use(kinds, 1 + random.nextInt(4), 1));
      }
      operations.add(new Operation("o" + i, uses));
    }
    List<Dependence> dependences = new ArrayList<>();
    for (int i = random.nextInt(2 * count); i > 0; i--) {
      int from = random.nextInt(count);
      int to = random.nextInt(count);
      int distance = from < to ? random.nextInt(2) : 1 + random.nextInt(2);
      dependences.add(new Dependence(from, to, random.nextInt(-1, 5), distance));
    }
    return new ModuloProblem(operations, dependences, resources);
  }

  /** Whether there is a schedule at an interval: the oracle. */
  private static boolean possible(ModuloProblem problem, int interval) {
    CpModel model = new CpModel();
    int count = problem.operations().size();
    long stages = 2 + 5L * count;
    BoolVar[][] inRow = new BoolVar[count][interval];
    LinearExpr[] steps = new LinearExpr[count];
    for (int i = 0; i < count; i++) {
      LinearExprBuilder step =
          LinearExpr.newBuilder().addTerm(model.newIntVar(0, stages, "stage" + i), interval);
      for (int row = 0; row < interval; row++) {
        inRow[i][row] = model.newBoolVar("row" + i + "." + row);
        step.addTerm(inRow[i][row], row);
      }
      model.addExactlyOne(inRow[i]);
      steps[i] = step.build();
    }
    for (Dependence d : problem.dependences()) {
      model.addGreaterOrEqual(
          steps[d.to()],
          LinearExpr.newBuilder()
              .add(steps[d.from()])
              .add((long) d.delay() - (long) interval * d.distance())
              .build());
    }
    for (int r = 0; r < problem.resources().size(); r++) {
      for (int row = 0; row < interval; row++) {
        LinearExprBuilder taken = LinearExpr.newBuilder();
        for (int i = 0; i < count; i++) {
          for (Use use : problem.operations().get(i).uses()) {
            if (use.resource() == r) {
              int issue = Math.floorMod(row - use.offset(), interval);
              taken.addTerm(inRow[i][issue], use.amount());
            }
          }
        }
        model.addLessOrEqual(taken.build(), problem.resources().get(r).capacity());
      }
    }
    CpSolver solver = new CpSolver();
    solver.getParameters().setNumWorkers(1);
    solver.getParameters().setRandomSeed(1);
    solver.getParameters().setMaxDeterministicTime(20);
    CpSolverStatus status = solver.solve(model);
    assertThat(status)
        .isIn(CpSolverStatus.OPTIMAL, CpSolverStatus.FEASIBLE, CpSolverStatus.INFEASIBLE);
    return status != CpSolverStatus.INFEASIBLE;
  }
}
