// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Verilator's own part of a model, compiled: the same for every design built with the same tools
 * and options, and half of the time of a small build. Make finds it up to date and goes on.
 */
final class RuntimeObjects {
  private static final String PATTERN = "verilated*.o";
  private static final String PART = "build-runtime-";

  private RuntimeObjects() {}

  /** Puts what is kept, if it is, where make looks. */
  static void place(Path kept, Path objects) throws IOException {
    if (Files.isDirectory(kept)) {
      Files.createDirectories(objects);
      for (Path each : in(kept)) {
        Files.copy(each, objects.resolve(each.getFileName()));
      }
    }
  }

  /** Keeps what make has built, unless it is kept already. */
  static void keep(Path objects, Path kept) throws IOException {
    List<Path> built = in(objects);
    if (Files.exists(kept) || built.isEmpty()) {
      return;
    }
    Path part = Files.createTempDirectory(kept.getParent(), PART);
    try {
      for (Path each : built) {
        Files.copy(each, part.resolve(each.getFileName()));
      }
      Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.exists(kept)) {
        throw e;
      }
    } finally {
      Folders.delete(part);
    }
  }

  private static List<Path> in(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var objects = Files.newDirectoryStream(folder, PATTERN)) {
      objects.forEach(found::add);
    }
    return found;
  }
}
