// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lockstep.arch.Architecture;
import lockstep.compiler.program.Program;
import lockstep.rtl.Generator;
import lockstep.rtl.Instructions;
import lockstep.sim.RunResult;

/**
 * A program with what the simulator says of it, in the test bench's own words, so that two files
 * are to be compared and no more.
 *
 * @param program its segments are the whole memory at the start
 * @param expected with values
 */
public record Example(Architecture machine, Program program, RunResult expected) {
  static final String IMAGE = "example/image.bin";
  static final String RESULT = "example/expected.txt";
  static final String MEMORY = "example/expected.bin";

  private static final int DONE = 2;

  /** Off-chip memory before the start. */
  byte[] image() {
    return program.image();
  }

  /** Off-chip memory after the end. */
  byte[] memory() {
    return Objects.requireNonNull(expected.memory(), "a run without values");
  }

  /** Cycles, for each unit the cycles in which it retired instructions, status and counters. */
  String result() {
    Map<String, StringBuilder> retired = new LinkedHashMap<>();
    Generator generator = Generator.of(machine);
    generator
        .bench()
        .units()
        .forEach(unit -> retired.put(unit, new StringBuilder("retire " + unit)));
    Instructions instructions = generator.instructions(program);
    for (int i = 0; i < program.instructionCount(); i++) {
      long cycle = expected.retire()[i];
      instructions
          .unit(i)
          .map(unit -> Objects.requireNonNull(retired.get(unit)))
          .ifPresent(line -> line.append(' ').append(cycle));
    }
    StringBuilder text = new StringBuilder();
    text.append("cycles %d\n".formatted(expected.cycles()));
    retired.values().forEach(line -> text.append(line).append('\n'));
    text.append("status %d\n".formatted(DONE));
    expected.counters().forEach((key, n) -> text.append("counter %s %d\n".formatted(key, n)));
    return text.toString();
  }

  /** Options for the test bench, values included, without those that name files. */
  List<String> options() {
    var memory = machine.memory();
    return List.of(
        "--program-address",
        Long.toString(program.base()),
        "--program-bytes",
        Integer.toString(Generator.of(machine).instructions(program).bytes()),
        "--latency",
        Integer.toString(memory.latencyCycles()),
        "--bytes-per-cycle",
        Integer.toString(memory.bytesPerCycle()),
        "--max-cycles",
        Long.toString(2 * expected.cycles()));
  }
}
