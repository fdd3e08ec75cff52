// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.systolic.SystolicRun;
import lockstep.sweep.ChromeTrace;
import lockstep.sweep.TraceLines;

/**
 * Runs as a Chrome trace, which Perfetto opens; a microsecond there is a cycle here. Each unit is a
 * process; instructions of a unit that overlap lie on lines of their own. A span reaches from the
 * acceptance of an instruction by its unit to its retirement; stretches follow one another.
 */
final class SystolicTrace {
  private static final List<String> UNITS = List.of("load", "execute", "store");

  private SystolicTrace() {}

  static byte[] json(SystolicArchitecture machine, List<Program> programs, List<SystolicRun> runs) {
    var trace = new ChromeTrace(machine.name());
    try (trace) {
      for (int unit = 0; unit < UNITS.size(); unit++) {
        trace.track(unit + 1, UNITS.get(unit));
      }
      long start = 0;
      for (int i = 0; i < programs.size(); i++) {
        spans(trace, machine, programs.get(i), runs.get(i), start);
        start += runs.get(i).result().cycles();
      }
    }
    return trace.bytes();
  }

  private static void spans(
      ChromeTrace trace,
      SystolicArchitecture machine,
      Program program,
      SystolicRun run,
      long start) {
    var isa = SystolicIsa.of(machine);
    byte[] words = ProgramFile.words(program);
    var lines = new TreeMap<Integer, TraceLines>();
    int[] stripes = program.stripes();
    for (int i = 0; i < program.instructionCount(); i++) {
      var mnemonic = SystolicInstruction.decode(isa, words, i * program.wordBytes()).mnemonic();
      int unit = UNITS.indexOf(mnemonic) + 1;
      if (unit == 0) {
        continue;
      }
      long from = run.accept()[i];
      long to = run.result().retire()[i] + 1;
      var layer = program.layers().get(program.layerOf()[i]);
      var details = new LinkedHashMap<String, Long>();
      details.put("instruction", (long) i);
      if (layer.stripes().count() > 1) {
        details.put("stripe", stripes[i] + 1L);
      }
      details.put("dispatched", start + run.dispatch()[i]);
      int line = lines.computeIfAbsent(unit, u -> new TraceLines()).line(from, to);
      trace.span(unit, line, layer.name(), mnemonic, start + from, to - from, details);
    }
  }
}
