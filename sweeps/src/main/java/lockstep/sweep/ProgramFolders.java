// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;

/** A compiled model's programs as files, a folder for each, named after its stretch. */
public final class ProgramFolders {
  private ProgramFolders() {}

  /**
   * Writes them.
   *
   * @param writer writes one program to its folder
   * @return the folders
   */
  public static List<Path> write(
      CompiledModel compiled, Path folder, BiConsumer<Program, Path> writer) {
    var written = new ArrayList<Path>();
    for (Program each : compiled.programs()) {
      Path place = folder.resolve(each.name().replaceAll("[^A-Za-z0-9_-]", "_"));
      writer.accept(each, place);
      written.add(place);
    }
    return List.copyOf(written);
  }
}
