// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What the operating system says about a file, in words that tell the user what to do. */
public final class FileFailure {
  private FileFailure() {}

  /** The mistake to end with when {@code file} could not be written. */
  public static UserError unwritable(Path file, IOException failure) {
    return new UserError(file + ": cannot be written: " + words(failure));
  }

  /** What is wrong and how to repair it, without the file's name. */
  public static String words(IOException failure) {
    var said =
        failure instanceof FileSystemException problem ? problem.getReason() : failure.getMessage();
    var reason = said == null ? "" : said;
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such file or folder; check the path";
      case AccessDeniedException _ -> "there is no permission; change it or choose another path";
      case NotDirectoryException _ -> "it is not a folder; give a folder";
      case DirectoryNotEmptyException _ -> "a folder is in the way; choose another path";
      case FileAlreadyExistsException _ -> "a file is in the way; remove it or choose another path";
      default -> words(reason, failure);
    };
  }

  private static String words(String reason, IOException failure) {
    if (isFull(reason)) {
      return "the disk is full; free some space and start again";
    }
    if (reason.contains("Read-only")) {
      return "the disk is read-only; choose another path";
    }
    if (reason.contains("Is a directory")) {
      return "it is a folder; give a file";
    }
    if (reason.contains("Not a directory")) {
      return "a part of the path is a file; choose another path";
    }
    if (reason.contains("Bad file descriptor")) {
      return "it is closed; leave it open, or name another";
    }
    if (reason.contains("too long")) {
      return "the name is too long; choose a shorter one";
    }
    return (reason.isEmpty() ? failure.getClass().getSimpleName() : reason)
        + "; choose another path";
  }

  private static boolean isFull(String reason) {
    return reason.contains("No space left") || reason.contains("quota exceeded");
  }
}
