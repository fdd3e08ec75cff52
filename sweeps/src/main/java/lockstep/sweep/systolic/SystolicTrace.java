// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.systolic.SystolicRun;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Runs as a Chrome trace, which Perfetto opens; a microsecond there is a cycle here. Each unit is a
 * process; instructions of a unit that overlap lie on lines of their own. A span reaches from the
 * acceptance of an instruction by its unit to its retirement; stretches follow one another.
 */
final class SystolicTrace {
  private static final List<String> UNITS = List.of("load", "execute", "store");

  private SystolicTrace() {}

  static byte[] json(SystolicArchitecture machine, List<Program> programs, List<SystolicRun> runs) {
    var bytes = new java.io.ByteArrayOutputStream();
    try (var json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeStringProperty("displayTimeUnit", "ns");
      json.writeObjectPropertyStart("otherData");
      json.writeStringProperty("machine", machine.name());
      json.writeStringProperty("time", "1 us is 1 cycle");
      json.writeEndObject();
      json.writeArrayPropertyStart("traceEvents");
      for (int unit = 0; unit < UNITS.size(); unit++) {
        name(json, unit + 1, UNITS.get(unit));
      }
      long start = 0;
      for (int i = 0; i < programs.size(); i++) {
        spans(json, machine, programs.get(i), runs.get(i), start);
        start += runs.get(i).result().cycles();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void name(JsonGenerator json, int process, String name) {
    json.writeStartObject();
    json.writeStringProperty("ph", "M");
    json.writeStringProperty("name", "process_name");
    json.writeNumberProperty("pid", process);
    json.writeObjectPropertyStart("args");
    json.writeStringProperty("name", name);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void spans(
      JsonGenerator json,
      SystolicArchitecture machine,
      Program program,
      SystolicRun run,
      long start) {
    var isa = SystolicIsa.of(machine);
    byte[] words = ProgramFile.words(program);
    var lines = new TreeMap<Integer, List<Long>>();
    int[] stripes = program.stripes();
    for (int i = 0; i < program.instructionCount(); i++) {
      var mnemonic = SystolicInstruction.decode(isa, words, i * program.wordBytes()).mnemonic();
      int process = UNITS.indexOf(mnemonic) + 1;
      if (process == 0) {
        continue;
      }
      long from = run.accept()[i];
      long to = run.result().retire()[i] + 1;
      json.writeStartObject();
      json.writeStringProperty("ph", "X");
      json.writeStringProperty("name", program.layers().get(program.layerOf()[i]).name());
      json.writeStringProperty("cat", mnemonic);
      json.writeNumberProperty("pid", process);
      json.writeNumberProperty(
          "tid", line(lines.computeIfAbsent(process, p -> new ArrayList<>()), from, to));
      json.writeNumberProperty("ts", start + from);
      json.writeNumberProperty("dur", to - from);
      json.writeObjectPropertyStart("args");
      json.writeNumberProperty("instruction", i);
      if (program.layers().get(program.layerOf()[i]).stripes().count() > 1) {
        json.writeNumberProperty("stripe", stripes[i] + 1);
      }
      json.writeNumberProperty("dispatched", start + run.dispatch()[i]);
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  /** The first line that is free at {@code from}; it is taken until {@code to}. */
  private static int line(List<Long> freeFrom, long from, long to) {
    for (int i = 0; i < freeFrom.size(); i++) {
      if (freeFrom.get(i) <= from) {
        freeFrom.set(i, to);
        return i;
      }
    }
    freeFrom.add(to);
    return freeFrom.size() - 1;
  }
}
