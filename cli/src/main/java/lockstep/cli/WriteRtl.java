// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.rtl.systolic.SystolicVerilog;
import lockstep.rtl.systolic.TestBench;
import lockstep.sweep.store.AtomicFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore rtl FILE -o FOLDER}: the machine as Verilog, with its test bench. */
@Command(
    description = "Writes a machine as Verilog, one module a file, with a test bench.",
    mixinStandardHelpOptions = true)
final class WriteRtl implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "a machine file")
  private Path file = Path.of("");

  @Option(names = "-o", paramLabel = "FOLDER", required = true, description = "where to write")
  private Path folder = Path.of("");

  @Mixin private final MachineFile machine = new MachineFile();
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    switch (machine.load(file).architecture()) {
      case SystolicArchitecture systolic -> {
        write(SystolicVerilog.generate(systolic));
        write(Map.of(TestBench.FILE, TestBench.text(systolic.dma().widthBytes())));
      }
    }
    return 0;
  }

  private void write(Map<String, String> files) {
    files.forEach(
        (name, text) -> {
          AtomicFile.write(folder.resolve(name), text);
          command.commandLine().getOut().println(folder.resolve(name));
        });
  }
}
