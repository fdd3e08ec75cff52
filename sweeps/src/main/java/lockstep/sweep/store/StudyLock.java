// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;

/** Keeps other processes from writing the same files of a study; ends with the process at last. */
public final class StudyLock implements Closeable {
  private final Path file;
  private final FileChannel channel;

  private StudyLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock on what a whole study writes once: its tables, its designs, its report.
   *
   * @throws UserError when another process holds it, or the folder cannot be made or written
   */
  public static StudyLock ofStudy(Path folder) {
    AtomicFile.folder(folder);
    return take(folder, "study");
  }

  /** As {@link #ofStudy}, on one file of the study, in a folder that is there. */
  static StudyLock take(Path folder, String name) {
    Path file = folder.resolve("." + name + ".lock");
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new UserError(
            folder
                + ": another process is working on this study; wait until it has ended, or choose"
                + " another folder with -o");
      }
      return new StudyLock(file, channel);
    } catch (IOException e) {
      throw FileFailure.unwritable(file, e);
    }
  }

  private static boolean locked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw FileFailure.unwritable(file, e);
    }
  }
}
