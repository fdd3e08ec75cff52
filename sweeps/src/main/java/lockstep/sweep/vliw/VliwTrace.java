// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.vliw.VliwCounter;
import lockstep.sim.vliw.TransferTime;
import lockstep.sim.vliw.VliwRun;
import lockstep.sweep.ChromeTrace;
import lockstep.sweep.TraceLines;

/**
 * Runs as a Chrome trace; stretches follow one another.
 *
 * <pre>
 * layers    from the first issue of a layer's bundles to their last
 * loops     outermost ones on the first line; a loop in a loop from its first issue to its last
 * DMA in    a transfer from the cycle in which it is active to its finish; it waits before
 * DMA out   the same
 * stalls    of a layer's cycles the share that each reason of the account of issue took, per cent
 * </pre>
 */
final class VliwTrace {
  private static final int LAYERS = 1;
  private static final int LOOPS = 2;
  private static final int DMA_IN = 3;
  private static final int DMA_OUT = 4;
  private static final int STALLS = 5;

  private final ChromeTrace trace;
  private final Program program;
  private final VliwRun run;
  private final long start;

  private VliwTrace(ChromeTrace trace, Program program, VliwRun run, long start) {
    this.trace = trace;
    this.program = program;
    this.run = run;
    this.start = start;
  }

  static byte[] json(VliwArchitecture machine, List<Program> programs, List<VliwRun> runs) {
    var trace = new ChromeTrace(machine.name());
    try (trace) {
      trace.track(LAYERS, "issue: layers");
      trace.track(LOOPS, "issue: loops");
      trace.track(DMA_IN, "DMA in");
      trace.track(DMA_OUT, "DMA out");
      trace.track(STALLS, "stalls");
      long start = 0;
      for (int i = 0; i < programs.size(); i++) {
        var stretch = new VliwTrace(trace, programs.get(i), runs.get(i), start);
        stretch.layers();
        stretch.loops(ProgramLoop.of(machine, programs.get(i)));
        stretch.transfers();
        start += runs.get(i).result().cycles();
      }
      var nothing = new LinkedHashMap<String, Double>();
      stallReasons().forEach((counter, reason) -> nothing.put(reason, 0.0));
      trace.counter(STALLS, "stalls, %", start, nothing);
    }
    return trace.bytes();
  }

  private String layerOf(int bundle) {
    return program.layers().get(program.layerOf()[bundle]).name();
  }

  private long end(int bundle) {
    return run.result().retire()[bundle] + 1;
  }

  private void layers() {
    var lines = new TraceLines();
    int first = 0;
    for (int i = 1; i <= program.instructionCount(); i++) {
      if (i < program.instructionCount() && program.layerOf()[i] == program.layerOf()[first]) {
        continue;
      }
      long from = run.firstIssue()[first];
      long to = end(i - 1);
      trace.span(
          LAYERS,
          lines.line(from, to),
          layerOf(first),
          "layer",
          start + from,
          to - from,
          details("bundles", i - first));
      stalls(run.layers().get(program.layerOf()[first]), start + from);
      first = i;
    }
  }

  private void stalls(Map<VliwCounter, Long> counters, long cycle) {
    long cycles = Math.max(1, counters.getOrDefault(VliwCounter.CYCLES, 0L));
    var shares = new LinkedHashMap<String, Double>();
    stallReasons()
        .forEach(
            (counter, reason) ->
                shares.put(reason, 100.0 * counters.getOrDefault(counter, 0L) / cycles));
    trace.counter(STALLS, "stalls, %", cycle, shares);
  }

  private static Map<VliwCounter, String> stallReasons() {
    var reasons = new EnumMap<VliwCounter, String>(VliwCounter.class);
    for (VliwCounter each : VliwCounter.values()) {
      if (each.key().startsWith("issue.") && each != VliwCounter.ISSUE_BUSY) {
        reasons.put(each, each.key().substring("issue.".length()));
      }
    }
    return reasons;
  }

  private void loops(List<ProgramLoop> loops) {
    var inner = new TraceLines();
    for (ProgramLoop loop : loops) {
      long from = run.firstIssue()[loop.first()];
      long to = end(loop.last());
      var details = details("rounds", loop.rounds());
      details.put("bundles", (long) loop.bundles());
      details.put("visits", run.issues()[loop.first()] / loop.rounds());
      trace.span(
          LOOPS,
          loop.depth() == 0 ? 0 : 1 + inner.line(from, to),
          layerOf(loop.first()),
          "loop",
          start + from,
          to - from,
          details);
    }
  }

  private void transfers() {
    var in = new TraceLines();
    var out = new TraceLines();
    for (TransferTime each : run.transfers()) {
      long to = each.finish() + 1;
      var details = details("bytes", each.bytes());
      details.put("bundle", (long) each.bundle());
      details.put("started", start + each.start());
      trace.span(
          each.out() ? DMA_OUT : DMA_IN,
          (each.out() ? out : in).line(each.begin(), to),
          layerOf(each.bundle()),
          each.constant() ? "constant" : "transfer",
          start + each.begin(),
          to - each.begin(),
          details);
    }
  }

  private static Map<String, Long> details(String name, long value) {
    var details = new LinkedHashMap<String, Long>();
    details.put(name, value);
    return details;
  }
}
