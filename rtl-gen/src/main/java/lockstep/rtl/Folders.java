// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * Folders that are made whole and removed whole, beside others that do the same: what somebody else
 * has removed or renamed in the meantime is gone, and that is what was wanted.
 */
final class Folders {
  private Folders() {}

  /** Removes {@code folder} and all that is in it; nothing if it is not there. */
  static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Removes the folders in {@code parent} of that prefix that were last changed before a time. */
  static void deleteOlder(Path parent, String prefix, FileTime time) throws IOException {
    try (var folders = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path each : folders) {
        if (isOlder(each, time)) {
          delete(each);
        }
      }
    }
  }

  private static boolean isOlder(Path folder, FileTime time) throws IOException {
    try {
      return Files.getLastModifiedTime(folder).compareTo(time) < 0;
    } catch (NoSuchFileException renamedOrRemoved) {
      return false;
    }
  }
}
