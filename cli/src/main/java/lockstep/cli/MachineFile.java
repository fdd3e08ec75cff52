// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lockstep.arch.MachineSpec;
import lockstep.arch.SpecLoader;
import lockstep.sweep.LeftOutPasses;
import picocli.CommandLine.Option;

/** The option {@code --set}, for every verb that loads a machine file. */
final class MachineFile {
  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "change one value of the machine, for example --set array.rows=32; repeatable")
  private final List<String> overrides = new ArrayList<>();

  /** Loads the file with the values that {@code --set} gave. */
  MachineSpec load(Path file) {
    var spec = SpecLoader.load(file, overrides);
    LeftOutPasses.check(spec);
    return spec;
  }
}
