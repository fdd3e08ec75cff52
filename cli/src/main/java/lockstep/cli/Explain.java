// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import lockstep.arch.Architecture;
import lockstep.arch.MachineSpec;
import lockstep.arch.Position;
import lockstep.arch.YamlDocument;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.vliw.VliwIsa;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code explore explain FILE}: the machine with every default filled in, as YAML that loads again;
 * comments say which values are defaults and what follows from the values.
 */
@Command(
    description = "Prints the machine with every default filled in, and what follows from it.",
    mixinStandardHelpOptions = true)
final class Explain implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "a machine file")
  private Path file;

  @Mixin private final MachineFile machine = new MachineFile();

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var spec = machine.load(file);
    var out = command.commandLine().getOut();
    out.print(annotated(spec));
    out.println();
    derived(spec.architecture()).lines().forEach(line -> out.println("# " + line));
    return 0;
  }

  /** The resolved text, each line whose outermost key the file does not hold marked. */
  private static String annotated(MachineSpec spec) {
    var pointers = new HashMap<Integer, String>();
    YamlDocument.parse("resolved", spec.resolvedYaml())
        .positions()
        .forEach(
            (pointer, position) -> {
              if (pointer.startsWith(YamlDocument.KEY)) {
                pointers.merge(
                    position.line(),
                    pointer.substring(YamlDocument.KEY.length()),
                    (a, b) -> a.length() < b.length() ? a : b);
              }
            });
    var text = new StringBuilder();
    int number = 0;
    for (var line : spec.resolvedYaml().lines().toList()) {
      var origin = origin(spec.positions(), pointers.get(++number));
      var isGroup = line.endsWith(":");
      text.append(isGroup || origin == null ? line : "%-31s # %s".formatted(line, origin))
          .append('\n');
    }
    return text.toString();
  }

  private static @Nullable String origin(
      Map<String, Position> positions, @Nullable String pointer) {
    if (pointer == null) {
      return null;
    }
    var position = positions.get(pointer);
    if (position == null) {
      return "default";
    }
    return position.line() == 0 ? position.origin() : null;
  }

  private static String derived(Architecture architecture) {
    return switch (architecture) {
      case SystolicArchitecture machine -> {
        var array = machine.array();
        int macs = array.rows() * array.cols();
        yield """
        follows from these values:
          peak                %d MACs a cycle, %.1f GMAC/s
          off-chip bandwidth  %.2f GB/s each way
          balance             %.1f MACs a byte: layers below this wait for memory
          scratchpad          %d banks of %d rows of %d bytes
          accumulator         %d banks of %d rows of %d int32
          longest burst       %d bytes"""
            .formatted(
                macs,
                macs * machine.clockMhz() / 1e3,
                machine.memory().bytesPerCycle() * machine.clockMhz() / 1e3,
                (double) macs / machine.memory().bytesPerCycle(),
                machine.scratchpad().banks(),
                machine.scratchpad().rowsPerBank(),
                machine.scratchpad().widthBytes(),
                machine.accumulator().banks(),
                machine.accumulator().rowsPerBank(),
                machine.accumulator().widthBytes() / 4,
                machine.dma().burstBytes());
      }
      case VliwArchitecture machine -> {
        int macs = machine.slots().matrix().count() * machine.slots().matrix().macs();
        var isa = VliwIsa.of(machine);
        yield """
        follows from these values:
          peak                %d MACs a cycle, %.1f GMAC/s
          off-chip bandwidth  %.2f GB/s each way
          balance             %.1f MACs a byte: layers below this wait for memory
          bundle              %d slots, %d bytes where none is empty
          vector              %d codes or %d sums, %d words of local memory
          operands            %d and %d vectors for %d vectors of sums
          local memory        %d banks of %d words of %d bytes
          longest burst       %d bytes"""
            .formatted(
                macs,
                macs * machine.clockMhz() / 1e3,
                machine.memory().bytesPerCycle() * machine.clockMhz() / 1e3,
                (double) macs / machine.memory().bytesPerCycle(),
                isa.slots().size(),
                isa.bytes(),
                machine.registers().vector().widthBytes(),
                machine.lanes(),
                machine.pieces(),
                machine.leftVectors(),
                machine.rightVectors(),
                machine.accumulatorParts(),
                machine.localMemory().banks(),
                machine.localMemory().wordsPerBank(),
                machine.localMemory().widthBytes(),
                machine.dma().burstBytes());
      }
    };
  }
}
