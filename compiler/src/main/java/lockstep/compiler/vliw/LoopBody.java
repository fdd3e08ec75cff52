// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.schedule.ModuloProblem;
import lockstep.compiler.schedule.ModuloProblem.Dependence;
import lockstep.compiler.schedule.ModuloProblem.Resource;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.isa.vliw.SlotKind;

/**
 * One round of a loop, its operations in an order in which a machine that did one at a time would
 * do them. Where a register is written in a round before it is read, each round has one of its own
 * (modulo variable expansion, Lam 1988); a register that is read first carries its value from round
 * to round, and there is one of it. The first operation of every body opens the loop: it takes a
 * scalar slot in one step of the interval, and issues once.
 */
public final class LoopBody {
  /** Opens the loop. */
  static final Operation OPENS = new Operation(SlotKind.SCALAR, "loop", Map.of(), List.of());

  private final VliwArchitecture machine;
  private final List<Operation> operations;
  private final Map<Register, List<Integer>> users = new LinkedHashMap<>();
  private final Set<Register> fixed;

  /**
   * @param fixed registers of which there is one, whatever a round does first with them
   */
  public LoopBody(VliwArchitecture machine, List<Operation> operations, Set<Register> fixed) {
    this.machine = machine;
    this.fixed = Set.copyOf(fixed);
    this.operations = new ArrayList<>();
    this.operations.add(OPENS);
    this.operations.addAll(operations);
    for (int i = 0; i < this.operations.size(); i++) {
      for (Access access : this.operations.get(i).accesses()) {
        List<Integer> all = users.computeIfAbsent(access.register(), _ -> new ArrayList<>());
        if (all.isEmpty() || all.getLast() != i) {
          all.add(i);
        }
      }
    }
  }

  /** {@link #OPENS}, then those of the round. */
  List<Operation> operations() {
    return Collections.unmodifiableList(operations);
  }

  /** All registers, in the order in which they are first named. */
  List<Register> registers() {
    return List.copyOf(users.keySet());
  }

  /** Operations that access a register, in order. */
  List<Integer> users(Register register) {
    return Objects.requireNonNull(users.get(register));
  }

  /** Steps from an operation to the first that sees what it writes. */
  int latency(int operation, Use use) {
    return use == Use.STEP ? 1 : operations.get(operation).slot().latency(machine);
  }

  /** How an operation uses a register; the use that writes, if it has several. */
  Use use(int operation, Register register) {
    Use found = Use.READ;
    for (Access access : operations.get(operation).accesses()) {
      if (access.register().equals(register) && access.use().writes()) {
        found = access.use();
      }
    }
    return found;
  }

  private boolean reads(int operation, Register register) {
    return operations.get(operation).accesses().stream()
        .anyMatch(a -> a.register().equals(register) && a.use().reads());
  }

  /** Whether each round may have a register of its own. */
  boolean renamed(Register register) {
    if (fixed.contains(register)) {
      return false;
    }
    int first = users(register).getFirst();
    Use use = use(first, register);
    return (use == Use.WRITE || use == Use.PART) && !reads(first, register);
  }

  /**
   * The body as a problem for the modulo scheduler.
   *
   * @throws UserError if the machine has no slot for an operation
   */
  public ModuloProblem problem() {
    List<Resource> resources = new ArrayList<>();
    Map<SlotKind, Integer> slots = new EnumMap<>(SlotKind.class);
    for (SlotKind kind : SlotKind.values()) {
      if (kind.count(machine) > 0) {
        slots.put(kind, resources.size());
        resources.add(new Resource(kind.word() + " slots", kind.count(machine)));
      }
    }
    int ports = resources.size();
    for (Register.File file : Register.File.values()) {
      resources.add(new Resource(file + " read ports", file.readPorts(machine)));
      resources.add(new Resource(file + " write ports", file.writePorts(machine)));
    }
    int banks = resources.size();
    for (int bank = 0; bank < machine.localMemory().banks(); bank++) {
      resources.add(new Resource("ports of bank " + bank, machine.localMemory().ports()));
    }
    List<ModuloProblem.Operation> all = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      Operation o = operations.get(i);
      List<ModuloProblem.Use> uses = new ArrayList<>();
      Integer slot = slots.get(o.slot());
      if (slot == null) {
        throw new UserError(
            "%s has no %s slot, which `%s` needs; add one"
                .formatted(machine.name(), o.slot().word(), o.mnemonic()));
      }
      uses.add(new ModuloProblem.Use(slot, 0, 1));
      for (Access access : o.accesses()) {
        int file = ports + 2 * access.register().file().ordinal();
        if (access.use().reads()) {
          uses.add(new ModuloProblem.Use(file, 0, access.count()));
        }
        if (access.use() == Use.ADD) {
          uses.add(new ModuloProblem.Use(file, latency(i, Use.ADD) - 1, access.count()));
        }
        if (access.use().writes()) {
          uses.add(new ModuloProblem.Use(file + 1, latency(i, access.use()), access.count()));
        }
      }
      for (int bank : o.banks()) {
        uses.add(new ModuloProblem.Use(banks + bank, 0, 1));
      }
      all.add(new ModuloProblem.Operation(i + " " + o.mnemonic(), uses));
    }
    return new ModuloProblem(all, dependences(), resources);
  }

  private List<Dependence> dependences() {
    Map<List<Integer>, Dependence> strictest = new LinkedHashMap<>();
    for (Register register : users.keySet()) {
      List<Integer> all = users(register);
      for (int a = 0; a < all.size(); a++) {
        // behind one that replaces the value all others follow from it
        boolean replaced = false;
        int last = renamed(register) ? all.size() - 1 : a + all.size();
        for (int b = a + 1; b <= last && !replaced; b++) {
          int to = all.get(b % all.size());
          between(all.get(a), to, register, b / all.size(), strictest);
          Use use = use(to, register);
          replaced = use.writes() && use != Use.PART;
        }
      }
    }
    return List.copyOf(strictest.values());
  }

  /** What lets {@code to} follow {@code from}, which accesses the same register before it. */
  private void between(
      int from, int to, Register register, int distance, Map<List<Integer>, Dependence> found) {
    Use first = use(from, register);
    Use second = use(to, register);
    int delay = Integer.MIN_VALUE;
    if (first.writes() && reads(to, register)) {
      delay = latency(from, first);
    }
    if (reads(from, register) && second.writes()) {
      delay = Math.max(delay, 1 - latency(to, second));
    }
    boolean parts = first == Use.PART && second == Use.PART && distance == 0;
    if (first.writes() && second.writes() && !parts) {
      delay = Math.max(delay, latency(from, first) + 1 - latency(to, second));
    }
    if (delay > Integer.MIN_VALUE) {
      found.merge(
          List.of(from, to, distance),
          new Dependence(from, to, delay, distance),
          (x, y) -> x.delay() >= y.delay() ? x : y);
    }
  }
}
