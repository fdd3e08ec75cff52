// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lockstep.arch.UserError;
import lockstep.sweep.trial.TrialId;

/** What files and folders hold, as one hash: names below them and bytes, whatever their dates. */
final class FolderHash {
  private FolderHash() {}

  /**
   * @throws UserError if one is not there or cannot be read
   */
  static String of(List<Path> places) {
    var text = new StringBuilder();
    for (Path place : places) {
      try (Stream<Path> files = Files.walk(place)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          text.append(place.relativize(file)).append(' ');
          text.append(TrialId.hash(Files.readAllBytes(file))).append('\n');
        }
      } catch (IOException e) {
        throw new UserError(
            place + ": cannot be read (" + e.getMessage() + "); check sweep.quality");
      }
    }
    return TrialId.hash(text.toString().getBytes(UTF_8));
  }
}
