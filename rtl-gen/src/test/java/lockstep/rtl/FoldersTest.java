// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
  private static final FileTime LIMIT = FileTime.from(Instant.parse("2002-01-01T00:00:00Z"));
  private static final int ROUNDS = 2_000;

  @TempDir Path parent;

  @Test
  void onlyOldFoldersOfThePrefixAreRemoved() throws IOException {
    Path old = old("build-old");
    Path other = old("model-old");
    Path fresh = Files.createDirectory(parent.resolve("build-fresh"));
    Folders.deleteOlder(parent, "build-", LIMIT);
    assertThat(old).doesNotExist();
    assertThat(other).exists();
    assertThat(fresh).exists();
  }

  @Test
  void removingWhatIsNotThereIsNoFault() throws IOException {
    Folders.delete(parent.resolve("nothing"));
    assertThat(parent).isEmptyDirectory();
  }

  /** Builders that finish rename their folders while another looks for abandoned ones. */
  @Test
  void foldersThatVanishUnderTheSearchAreNoFault() throws Exception {
    AtomicBoolean searching = new AtomicBoolean(true);
    try (var builders = Executors.newSingleThreadExecutor()) {
      Future<?> builder = builders.submit(whileTrue(searching));
      try {
        for (int i = 0; i < ROUNDS; i++) {
          Folders.deleteOlder(parent, "build-", LIMIT);
        }
      } finally {
        searching.set(false);
      }
      builder.get();
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void twoMayRemoveTheSame() throws Exception {
    for (int i = 0; i < ROUNDS / 20; i++) {
      old("build-" + i);
    }
    Callable<Void> search =
        () -> {
          Folders.deleteOlder(parent, "build-", LIMIT);
          return null;
        };
    try (var both = Executors.newFixedThreadPool(2)) {
      Future<Void> first = both.submit(search);
      Future<Void> second = both.submit(search);
      first.get();
      second.get();
    }
    assertThat(parent).isEmptyDirectory();
  }

  private Callable<Void> whileTrue(AtomicBoolean searching) {
    return () -> {
      for (int i = 0; searching.get(); i++) {
        Path made = Files.createDirectory(parent.resolve("build-" + i));
        Files.delete(Files.move(made, parent.resolve("model-" + i)));
      }
      return null;
    };
  }

  private Path old(String name) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(name));
    for (int i = 0; i < 5; i++) {
      Files.writeString(folder.resolve("object-" + i), "");
    }
    Files.setLastModifiedTime(folder, LONG_AGO);
    return folder;
  }
}
