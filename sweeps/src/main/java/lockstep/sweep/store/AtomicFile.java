// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;

/** Files that are there whole or not at all: written beside their place, then renamed. */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Writes a file, its folder made when it is missing.
   *
   * @throws UserError when it cannot be written
   */
  public static void write(Path file, byte[] bytes) {
    var target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new UserError(file + ": is a root folder; give a file");
    }
    folder(folder);
    Path part = folder.resolve("." + target.getFileName() + ".part");
    try {
      try (var channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      var mistake = FileFailure.unwritable(file, e);
      try {
        Files.deleteIfExists(part);
      } catch (IOException second) {
        mistake.addSuppressed(second);
      }
      throw mistake;
    }
  }

  /** As {@link #write(Path, byte[])}, in UTF-8. */
  public static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Makes a folder and those above it.
   *
   * @throws UserError when it cannot be made
   */
  public static void folder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new UserError(folder + ": is a file, but a folder is needed; choose another -o");
    } catch (IOException e) {
      throw FileFailure.unwritable(folder, e);
    }
  }
}
