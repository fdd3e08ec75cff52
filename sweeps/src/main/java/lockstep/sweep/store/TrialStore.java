// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;
import lockstep.sweep.trial.Trial;

/**
 * The trials of a study on disk: one line each, appended and forced to disk before the trial counts
 * anywhere else. A process writes one file and reads those of all its fellows. A last line that was
 * cut off by a crash is dropped; a broken line elsewhere is an error.
 */
public final class TrialStore implements AutoCloseable {
  private static final Pattern FILES = Pattern.compile("trials(\\.[0-9]+)?\\.jsonl");

  private final Path file;
  private final FileChannel channel;
  private final Closeable lock;
  private final Map<String, Trial> trials = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  private TrialStore(Path file, FileChannel channel, Closeable lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens the store of a study for one process, makes its folder when there is none, and reads what
   * is there.
   *
   * @throws UserError when another process writes the same file, or a file is broken or unwritable
   */
  public static TrialStore open(Path folder, Shard shard) {
    AtomicFile.folder(folder);
    Path file = folder.resolve(shard.file());
    var lock = StudyLock.take(folder, shard.file());
    try {
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      var store = new TrialStore(file, channel, lock);
      for (Path each : files(folder)) {
        long whole = store.readFile(each);
        if (each.equals(file)) {
          channel.truncate(whole);
        }
      }
      channel.position(channel.size());
      return store;
    } catch (IOException e) {
      lock.close();
      throw FileFailure.unwritable(file, e);
    } catch (UserError e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Reads a study that nobody has to be working on.
   *
   * @throws UserError when there is none
   */
  public static Collection<Trial> read(Path folder) {
    try (var channel = FileChannel.open(folder.resolve("trials.jsonl"), StandardOpenOption.READ)) {
      var store = new TrialStore(folder, channel, channel);
      for (Path each : files(folder)) {
        store.readFile(each);
      }
      return store.trials();
    } catch (IOException e) {
      throw new UserError(folder + ": is not the folder of a study (it has no trials.jsonl)");
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var listing = Files.list(folder)) {
      return listing
          .filter(each -> FILES.matcher(each.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  /** Reads the trials of a file; returns the bytes that its whole lines take. */
  private long readFile(Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    int start = 0;
    int number = 1;
    while (start < bytes.length) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      boolean last = end >= bytes.length - 1;
      boolean torn = end == bytes.length;
      var trial =
          torn
              ? null
              : TrialLine.read(new String(bytes, start, end - start, StandardCharsets.UTF_8));
      if (trial == null) {
        if (last) {
          notes.add(path.getFileName() + ": the last line was cut off; its trial runs again");
          return start;
        }
        throw new UserError(
            path + ":" + number + ":1: is not a trial; delete the line, and its trial runs again");
      }
      trials.put(trial.id(), trial);
      start = end + 1;
      number++;
    }
    return start;
  }

  /** What the user should know about what was found, in words. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** All trials known, those of other processes included when the store was opened. */
  public synchronized Collection<Trial> trials() {
    return List.copyOf(trials.values());
  }

  /**
   * Appends a trial; when this returns, it is on disk.
   *
   * @throws UserError when it cannot be written; the file then ends as it did before
   */
  public synchronized void append(Trial trial) {
    var buffer = ByteBuffer.wrap(TrialLine.write(trial).getBytes(StandardCharsets.UTF_8));
    try {
      long before = channel.position();
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(false);
      } catch (IOException e) {
        channel.truncate(before);
        throw e;
      }
    } catch (IOException e) {
      throw FileFailure.unwritable(file, e);
    }
    trials.put(trial.id(), trial);
  }

  @Override
  public void close() {
    try (lock;
        channel) {
      channel.force(true);
    } catch (IOException e) {
      throw FileFailure.unwritable(file, e);
    }
  }
}
