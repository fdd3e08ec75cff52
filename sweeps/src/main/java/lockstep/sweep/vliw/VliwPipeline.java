// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.vliw.IssueTime;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.CycleWindow;
import lockstep.sweep.KanataLog;

/**
 * The issues of a window of cycles as a pipeline log, a row for each; stretches follow one another.
 *
 * <pre>
 * F   asked for, on its way            X   in the fetch buffer, being expanded
 * W   in instruction memory            I   issues
 * B   its step goes on in the banks of local memory
 * </pre>
 *
 * Over these lies what the bundle that is to issue next waits for, by the names of the account of
 * issue. A bundle that issues again is seen from the cycle on in which it is next.
 */
final class VliwPipeline {
  private VliwPipeline() {}

  static byte[] log(VliwArchitecture machine, List<Program> programs, CycleWindow window) {
    var log = new KanataLog(window.from());
    var text = new BundleText(VliwIsa.of(machine));
    long start = 0;
    for (Program program : programs) {
      if (start >= window.to()) {
        break;
      }
      long begin = start;
      List<IssueTime> times = new ArrayList<>();
      var run =
          VliwSimulator.watch(
              machine,
              program,
              time -> {
                if (window.holds(begin + time.issue())) {
                  times.add(time);
                }
              });
      byte[] words = ProgramFile.words(program);
      boolean[] seen = new boolean[program.instructionCount()];
      for (IssueTime time : times) {
        boolean first = !seen[time.bundle()] && run.firstIssue()[time.bundle()] == time.issue();
        seen[time.bundle()] = true;
        row(
            log,
            program,
            text.line(words, time.bundle() * text.instructionBytes()),
            time,
            first,
            begin);
      }
      start += run.result().cycles();
    }
    return log.bytes();
  }

  private static void row(
      KanataLog log, Program program, String line, IssueTime time, boolean first, long start) {
    int bundle = time.bundle();
    String layer = program.layers().get(program.layerOf()[bundle]).name();
    String details =
        "%s; asked for in cycle %d, in the buffer in %d, may issue from %d on, next from %d on"
            .formatted(
                layer,
                start + time.asked(),
                start + time.arrived(),
                start + time.ready(),
                start + time.next());
    long seen = first ? Math.min(time.asked(), time.next()) : time.next();
    var row = log.row(bundle, start + seen, bundle + ": " + line, details);
    if (first) {
      row.stage("F", start + time.asked(), start + time.arrived());
      row.stage("X", start + time.arrived(), start + time.ready() - 1);
    }
    row.stage("W", start + (first ? time.ready() - 1 : time.next()), start + time.issue());
    row.stage("I", start + time.issue(), start + time.issue() + 1);
    row.stage("B", start + time.issue() + 1, start + time.end() + 1);
    for (IssueTime.Stall stall : time.stalls()) {
      row.stall(
          stall.reason().key().substring("issue.".length()),
          start + stall.from(),
          start + stall.to());
    }
    row.retire(start + time.end() + 1);
  }
}
