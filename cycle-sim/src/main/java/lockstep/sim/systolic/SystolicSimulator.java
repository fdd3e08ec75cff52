// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.InstructionSet;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicInstruction.Store;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.Event;
import lockstep.sim.ProgramFault;
import lockstep.sim.RunResult;
import lockstep.sim.memory.ReadChannel;
import lockstep.sim.systolic.ProgramTimes.Unit;
import org.jspecify.annotations.Nullable;

/**
 * The cycle-exact simulator of the systolic family: {@code docs/timing-contracts.md} as recurrences
 * over instructions, bursts and pieces. Its cost grows with those, not with multiply-accumulates.
 *
 * <p>Units touch each other only through queues, tokens and the read arbiter, each with at least
 * one cycle of delay; so the loop handles the earliest known event, fetch before load, and every
 * event computes all that follows from it inside its unit.
 */
public final class SystolicSimulator {
  private final ProgramTimes times;
  private final Account account;
  private final FrontEnd front;
  private final LoadUnit load;
  private final ExecuteUnit execute;
  private final StoreUnit store;
  private final List<Tokens> tokens = new ArrayList<>();
  private final UnitQueue[] queues;
  private final @Nullable Datapath datapath;

  private SystolicSimulator(SystolicArchitecture a, Program program, boolean values) {
    InstructionSet isa = SystolicIsa.of(a);
    times = new ProgramTimes(program, isa);
    account = new Account(program.layers().size());
    ReadChannel channel = new ReadChannel(a.dma(), a.memory());
    queues = new UnitQueue[3];
    for (Unit unit : List.of(Unit.LOAD, Unit.EXECUTE, Unit.STORE)) {
      queues[unit.ordinal()] = new UnitQueue(times, unit, a.queues().unitDepth());
    }
    Tokens loadToExecute = tokens("load to execute");
    Tokens loadToStore = tokens("load to store");
    Tokens executeToLoad = tokens("execute to load");
    Tokens executeToStore = tokens("execute to store");
    Tokens storeToLoad = tokens("store to load");
    Tokens storeToExecute = tokens("store to execute");
    front = new FrontEnd(a, times, channel, account, queues);
    load =
        new LoadUnit(
            a,
            times,
            queues[Unit.LOAD.ordinal()],
            channel,
            account,
            executeToLoad,
            storeToLoad,
            loadToExecute,
            loadToStore);
    execute =
        new ExecuteUnit(
            a,
            times,
            queues[Unit.EXECUTE.ordinal()],
            account,
            loadToExecute,
            storeToExecute,
            executeToLoad,
            executeToStore);
    store =
        new StoreUnit(
            a,
            times,
            queues[Unit.STORE.ordinal()],
            account,
            loadToStore,
            executeToStore,
            storeToLoad,
            storeToExecute);
    datapath = values ? new Datapath(a, program.image()) : null;
  }

  /**
   * Runs {@code program}.
   *
   * @param values whether to compute values; without them only time passes and the result has no
   *     memory
   * @throws ProgramFault if the program breaks a rule of the machine or never ends
   */
  public static SystolicRun run(SystolicArchitecture a, Program program, boolean values) {
    return new SystolicSimulator(a, program, values).run();
  }

  private Tokens tokens(String name) {
    Tokens t = new Tokens(name);
    tokens.add(t);
    return t;
  }

  private SystolicRun run() {
    while (!(front.haltArrived() && times.allRetired())) {
      long fetch = front.fetchTime();
      long dispatch = front.atHalt() ? Event.NEVER : front.dispatchTime();
      long loadAccept = load.acceptTime();
      long loadGrant = load.grantTime();
      long executeAccept = execute.acceptTime();
      long storeAccept = store.acceptTime();
      long others = Math.min(Math.min(dispatch, loadAccept), Math.min(executeAccept, storeAccept));
      long next = Math.min(others, Math.min(fetch, loadGrant));
      if (next == Event.NEVER) {
        throw new ProgramFault(stuck());
      }
      if (fetch == next) {
        front.fetch(next);
      } else if (dispatch == next) {
        front.dispatch(next);
      } else if (loadAccept == next) {
        acceptLoad(next);
      } else if (executeAccept == next) {
        acceptExecute(next);
      } else if (storeAccept == next) {
        acceptStore(next);
      } else {
        grantUntil(Math.min(others, fetch), loadGrant);
      }
    }
    return finish();
  }

  private void grantUntil(long limit, long first) {
    long t = first;
    while (load.grant(t)) {
      t = load.grantTime();
      if (t >= limit) {
        return;
      }
    }
  }

  private void acceptLoad(long t) {
    int i = queues[Unit.LOAD.ordinal()].head();
    load.accept(t);
    if (datapath != null) {
      datapath.load((Load) times.instructions[i]);
    }
  }

  private void acceptExecute(long t) {
    int i = queues[Unit.EXECUTE.ordinal()].head();
    execute.accept(t);
    if (datapath != null) {
      datapath.execute((Execute) times.instructions[i]);
    }
  }

  private void acceptStore(long t) {
    int i = queues[Unit.STORE.ordinal()].head();
    store.accept(t);
    if (datapath != null) {
      datapath.store((Store) times.instructions[i]);
    }
  }

  private SystolicRun finish() {
    long cycles = front.halt(times.lastRetire()) + 1;
    int last = times.layer[times.layer.length - 1];
    load.end(cycles, last);
    execute.end(cycles, last);
    store.end(cycles, last);
    tokens.forEach(Tokens::checkLimit);
    List<EnumMap<SystolicCounter, Long>> layers = new ArrayList<>();
    for (int i = 0; i < account.layers(); i++) {
      layers.add(account.layer(i));
    }
    return new SystolicRun(
        new RunResult(
            cycles, times.retire, account.total(), datapath == null ? null : datapath.memory()),
        layers,
        times.dispatch,
        times.accept);
  }

  private String stuck() {
    StringBuilder text = new StringBuilder("the program never ends: ");
    int at = front.stuckAt();
    text.append("dispatch stands at instruction ").append(at);
    for (Unit unit : List.of(Unit.LOAD, Unit.EXECUTE, Unit.STORE)) {
      int head = queues[unit.ordinal()].head();
      if (head >= 0) {
        SystolicInstruction waiting = times.instructions[head];
        text.append("; ").append(waiting.mnemonic()).append(' ').append(head);
        text.append(" waits for a token");
      }
    }
    return text.toString();
  }
}
