// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.vliw.VliwCounter;
import lockstep.sim.RunResult;
import lockstep.sim.vliw.Bundle.Access;
import lockstep.sim.vliw.Bundle.Dma;
import lockstep.sim.vliw.IssueTime.Stall;
import org.jspecify.annotations.Nullable;

/**
 * The cycle-exact simulator of the VLIW family, {@code docs/vliw.md}: bundle by bundle, each of
 * them issued in the first cycle in which nothing holds it up. What slots and registers do is
 * counted in steps, so that only issue knows the cycle. Without values a loop's rounds are left out
 * where they only repeat ({@link SteadyLoop}), so that the cost grows with what differs.
 */
public final class VliwSimulator {
  private final Program program;
  private final Code code;
  private final BundleAccount account;
  private final DmaEngine engine;
  private final Loops loops;
  private final @Nullable RegisterPorts ports;
  private final ScalarRegisters scalars;
  private final LocalAddresses addresses;
  private final @Nullable Datapath datapath;
  private final @Nullable Claims claims;
  private final int transferDepth;
  private final SteadyLoop[] steady;
  private final @Nullable Consumer<IssueTime> watcher;
  private final List<Stall> stalls = new ArrayList<>();
  private long step;
  private long lastIssue = -1;
  private long stepEnd = -1;

  private VliwSimulator(
      VliwArchitecture machine,
      Program program,
      boolean values,
      @Nullable Consumer<IssueTime> watcher) {
    this.watcher = watcher;
    this.program = program;
    code = Code.of(machine, program);
    account = new BundleAccount(code.bundles());
    engine = new DmaEngine(machine, code, program.memoryBytes(), account);
    loops = new Loops(machine.loopDepth());
    ports = values ? new RegisterPorts(machine) : null;
    scalars = new ScalarRegisters(machine);
    addresses = new LocalAddresses(machine);
    datapath = values ? new Datapath(machine, program.image()) : null;
    claims = values ? new Claims(machine, engine) : null;
    transferDepth = machine.transferDepth();
    steady = new SteadyLoop[values || watcher != null ? 0 : machine.loopDepth()];
    Arrays.setAll(steady, level -> new SteadyLoop(machine, scalars, account));
  }

  /**
   * Runs {@code program}.
   *
   * @param values whether to compute values; without them scalars, addresses and time remain, and
   *     the result has no memory
   * @throws UserError if the program's stream ends before its bundles
   * @throws BundleFault if a bundle breaks a rule that the program keeps; without values those
   *     about words of local memory that transfers move, and about registers and their ports, go
   *     unseen
   */
  public static VliwRun run(VliwArchitecture machine, Program program, boolean values) {
    return new VliwSimulator(machine, program, values, null).run();
  }

  /**
   * Runs {@code program} without values and tells {@code watcher} of every issue, in order; no
   * round of a loop is left out, so it takes longer.
   *
   * @throws UserError if the program's stream ends before its bundles
   * @throws BundleFault if a bundle breaks a rule that the program keeps
   */
  public static VliwRun watch(
      VliwArchitecture machine, Program program, Consumer<IssueTime> watcher) {
    return new VliwSimulator(machine, program, false, watcher).run();
  }

  private VliwRun run() {
    Bundle bundle = code.bundles()[0];
    while (true) {
      long next = lastIssue + 1;
      long t = issue(bundle);
      account.issue(bundle.number(), t);
      step(bundle, t);
      if (watcher != null) {
        watcher.accept(time(bundle.number(), next, t));
        stalls.clear();
      }
      if (bundle.halt()) {
        return finish(t + 1);
      }
      int following = loops.next(bundle);
      if (steady.length > 0) {
        rounds(bundle, following);
      }
      engine.oldest(loops.oldest(following), lastIssue + 1);
      bundle = code.bundles()[following];
    }
  }

  private IssueTime time(int bundle, long next, long issue) {
    Fetch fetch = engine.fetch();
    return new IssueTime(
        bundle,
        fetch.asked(bundle),
        fetch.arrived(bundle),
        fetch.ready(bundle),
        next,
        issue,
        stepEnd,
        stalls);
  }

  private long stall(int bundle, VliwCounter reason, long from, long to) {
    if (watcher != null && to > from) {
      stalls.add(new Stall(reason, from, to));
    }
    return account.stall(bundle, reason, from, to);
  }

  /** Leaves out rounds of a loop that differ in nothing that can be told. */
  private void rounds(Bundle bundle, int next) {
    LoopShape opened = code.shapes()[bundle.number()];
    if (opened != null) {
      steady[loops.open() - 1].open(opened, loops.rounds(), step);
    } else if (next <= bundle.number()) {
      SteadyLoop loop = steady[loops.open() - 1];
      int leftOut = loop.again(step, lastIssue, loops.rounds());
      if (leftOut > 0) {
        long cycles = loop.cycles(leftOut, lastIssue);
        loops.leaveOut(leftOut);
        lastIssue += cycles;
        stepEnd += cycles;
      }
    }
  }

  /** The cycle in which {@code bundle} issues; accounts those in which it waits. */
  private long issue(Bundle bundle) {
    int i = bundle.number();
    long t = stall(i, VliwCounter.ISSUE_FETCH, lastIssue + 1, engine.ready(i));
    t = stall(i, VliwCounter.ISSUE_BANK, t, stepEnd + 1);
    if (bundle.dma() instanceof Dma.Wait(var out, var most)) {
      t = stall(i, VliwCounter.ISSUE_WAIT, t, engine.from(i, out, most));
    } else if (bundle.dma() instanceof Dma.Start start) {
      long room = engine.from(i, start.out(), transferDepth - 1);
      t = stall(i, VliwCounter.ISSUE_TRANSFER, t, room);
    }
    if (bundle.halt()) {
      long drained = Math.max(engine.from(i, false, 0), engine.from(i, true, 0));
      t = stall(i, VliwCounter.ISSUE_DRAIN, t, drained);
    }
    lastIssue = t;
    return t;
  }

  private void step(Bundle bundle, long t) {
    scalars.begin(step);
    if (ports != null) {
      ports.take(bundle, step);
    }
    if (bundle.dma() != null) {
      dma(bundle, bundle.dma(), t);
    }
    stepEnd = t;
    if (bundle.accesses().length > 0) {
      stepEnd = t + access(bundle) - 1;
      if (claims != null) {
        claims.access(bundle, addresses, t);
      }
    }
    if (datapath != null) {
      datapath.step(bundle, addresses, step);
    }
    scalars.compute(bundle.scalars(), step);
    if (bundle.pattern() != null) {
      addresses.set(bundle.pattern());
    }
    step++;
  }

  /** Addresses local memory; returns the cycles that its banks take. */
  private int access(Bundle bundle) {
    addresses.begin();
    for (Access access : bundle.accesses()) {
      int base = scalars.get(access.base());
      int stepped = base + access.step();
      addresses.add(bundle.number(), access, access.post() ? base : stepped);
      if (access.post()) {
        scalars.set(access.base(), stepped, step + 1);
      }
    }
    return addresses.cycles(bundle.number(), bundle.reads());
  }

  private void dma(Bundle bundle, Dma operation, long t) {
    switch (operation) {
      case Dma.Set(var field, var value) -> engine.set(field, value);
      case Dma.Put(var field, var from) -> engine.set(field, scalars.get(from));
      case Dma.Start start -> {
        Transfer transfer = engine.described(bundle.number(), start);
        if (claims != null && datapath != null) {
          claims.start(transfer, engine.finishes(start.out()).started(), t);
          datapath.move(transfer);
        }
        engine.start(transfer, t);
      }
      case Dma.Wait wait -> {}
    }
  }

  private VliwRun finish(long cycles) {
    var layers = account.layers(program.layers().size(), program.layerOf());
    return new VliwRun(
        new RunResult(
            cycles,
            account.lastIssue(),
            BundleAccount.total(layers),
            datapath == null ? null : datapath.memory()),
        layers,
        account.issues(),
        account.firstIssue(),
        engine.times(),
        Math.max(engine.localBytes(), addresses.localBytes()));
  }
}
