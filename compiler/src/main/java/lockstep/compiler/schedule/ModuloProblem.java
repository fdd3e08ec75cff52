// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * A loop body whose rounds are to begin an <em>initiation interval</em> of steps apart, as Rau has
 * it ("Iterative Modulo Scheduling", 1994).
 *
 * @param operations what one round does
 * @param dependences what has to come before what
 * @param resources of what there is so much in each step
 */
public record ModuloProblem(
    List<Operation> operations, List<Dependence> dependences, List<Resource> resources) {

  public ModuloProblem {
    operations = List.copyOf(operations);
    dependences = List.copyOf(dependences);
    resources = List.copyOf(resources);
  }

  /**
   * Something that a step has {@code capacity} of: slots of a kind, ports of a register file.
   *
   * @param capacity at least 1
   */
  public record Resource(String name, int capacity) {}

  /**
   * An operation.
   *
   * @param uses what it takes, and when
   */
  public record Operation(String name, List<Use> uses) {
    public Operation {
      uses = List.copyOf(uses);
    }
  }

  /**
   * Takes {@code amount} of a resource.
   *
   * @param resource its index
   * @param offset steps from the operation's own to the one in which it is taken, at least 0
   */
  public record Use(int resource, int offset, int amount) {}

  /**
   * Operation {@code to} of a round may issue {@code delay} steps after operation {@code from} of
   * the round that is {@code distance} rounds before, no earlier.
   *
   * @param delay may be negative: a register may be written so many steps before it is last read
   * @param distance at least 0
   */
  public record Dependence(int from, int to, int delay, int distance) {}

  /** The dependences on each operation, those of operations on themselves left out. */
  public List<List<Dependence>> into() {
    return grouped(Dependence::to);
  }

  /** The dependences from each operation, those of operations on themselves left out. */
  public List<List<Dependence>> outOf() {
    return grouped(Dependence::from);
  }

  private List<List<Dependence>> grouped(ToIntFunction<Dependence> end) {
    List<List<Dependence>> all = new ArrayList<>();
    operations.forEach(_ -> all.add(new ArrayList<>()));
    for (Dependence d : dependences) {
      if (d.from() != d.to()) {
        all.get(end.applyAsInt(d)).add(d);
      }
    }
    return all;
  }

  /** What is wrong with the problem itself; empty if it makes sense. */
  public Optional<String> check() {
    for (Operation operation : operations) {
      for (Use use : operation.uses()) {
        if (use.resource() < 0 || use.resource() >= resources.size() || use.offset() < 0) {
          return Optional.of(operation.name() + " takes what there is not: " + use);
        }
        Resource resource = resources.get(use.resource());
        if (use.amount() > resource.capacity()) {
          return Optional.of(
              "%s takes %d of %s, of which a step has %d"
                  .formatted(operation.name(), use.amount(), resource.name(), resource.capacity()));
        }
      }
    }
    for (Dependence d : dependences) {
      int last = operations.size() - 1;
      if (Math.min(d.from(), d.to()) < 0 || Math.max(d.from(), d.to()) > last || d.distance() < 0) {
        return Optional.of("no dependence: " + d);
      }
    }
    return Optional.empty();
  }

  /** What is wrong with a schedule; empty if nothing is. */
  public Optional<String> verify(ModuloSchedule schedule) {
    int interval = schedule.interval();
    int[] steps = schedule.steps();
    if (steps.length != operations.size()) {
      return Optional.of(steps.length + " steps for " + operations.size() + " operations");
    }
    for (Dependence d : dependences) {
      int earliest = steps[d.from()] + d.delay() - interval * d.distance();
      if (steps[d.to()] < earliest) {
        return Optional.of(
            "%s in step %d, but %s lets it issue in step %d at the earliest"
                .formatted(
                    operations.get(d.to()).name(),
                    steps[d.to()],
                    operations.get(d.from()).name(),
                    earliest));
      }
    }
    int[][] taken = new int[resources.size()][interval];
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] < 0) {
        return Optional.of(operations.get(i).name() + " in step " + steps[i]);
      }
      for (Use use : operations.get(i).uses()) {
        int row = (steps[i] + use.offset()) % interval;
        taken[use.resource()][row] += use.amount();
        if (taken[use.resource()][row] > resources.get(use.resource()).capacity()) {
          return Optional.of(
              "more than %d of %s in row %d, with %s"
                  .formatted(
                      resources.get(use.resource()).capacity(),
                      resources.get(use.resource()).name(),
                      row,
                      operations.get(i).name()));
        }
      }
    }
    return Optional.empty();
  }
}
