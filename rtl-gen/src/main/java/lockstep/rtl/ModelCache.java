// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;
import lockstep.rtl.VerilatedModel.Variant;
import lockstep.rtl.systolic.SystolicVerilog;
import lockstep.rtl.systolic.TestBench;

/**
 * Built models by the hash of what they are built from: files, tools, options. A build happens in a
 * folder of its own and is renamed when it is whole; builders of the same model wait for each
 * other.
 */
final class ModelCache {
  private static final Duration LONGEST_BUILD = Duration.ofMinutes(20);
  private static final long LEAST_SPACE_BYTES = 64 << 20;
  private static final String MODEL = "model";
  private static final Tool VERILATOR = new Tool("verilator", "verilator g++ make");
  private static final Tool COMPILER = new Tool("g++", "verilator g++ make");
  private static final Tool MAKE = new Tool("make", "verilator g++ make");
  private static final ConcurrentHashMap<Path, ReentrantLock> IN_THIS_PROCESS =
      new ConcurrentHashMap<>();

  private ModelCache() {}

  /** The program of the model built from {@code files}. */
  static Path build(Map<String, String> files, Path cache, Variant variant)
      throws InterruptedException {
    VERILATOR.require();
    COMPILER.require();
    MAKE.require();
    List<String> command = command(files, variant);
    Path folder = cache.toAbsolutePath().resolve(key(files, command));
    Path program = folder.resolve(MODEL);
    if (Files.isExecutable(program)) {
      return program;
    }
    ReentrantLock lock = IN_THIS_PROCESS.computeIfAbsent(folder, f -> new ReentrantLock());
    lock.lockInterruptibly();
    try {
      Files.createDirectories(cache);
      try (FileChannel channel =
              FileChannel.open(
                  cache.resolve(folder.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid() && !Files.isExecutable(program)) {
          buildInto(folder, files, command, cache);
        }
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot build the Verilog in %s: %s".formatted(cache, FileFailure.words(e)));
    } finally {
      lock.unlock();
    }
    return program;
  }

  private static void buildInto(
      Path folder, Map<String, String> files, List<String> command, Path cache)
      throws IOException, InterruptedException {
    Path temporary = Files.createTempDirectory(cache, "build-");
    try {
      for (Map.Entry<String, String> f : files.entrySet()) {
        Files.writeString(temporary.resolve(f.getKey()), f.getValue());
      }
      List<String> parallel = new ArrayList<>(command);
      parallel.add("-j");
      parallel.add(Integer.toString(Runtime.getRuntime().availableProcessors()));
      Tool.Outcome outcome = Tool.call(parallel, temporary, LONGEST_BUILD);
      Path built = temporary.resolve("objects").resolve(MODEL);
      if (outcome.status() != 0 || !Files.isExecutable(built)) {
        requireSpace(cache);
        throw new UserError(
            "the generated Verilog does not build:\n" + outcome.brief(), UserError.CHECK_FAILED);
      }
      Files.move(built, temporary.resolve(MODEL));
      Folders.delete(temporary.resolve("objects"));
      Folders.delete(folder);
      Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Folders.delete(temporary);
    }
  }

  /** Verilator and g++ do not always say that the disk is full. */
  private static void requireSpace(Path cache) throws IOException {
    long free = Files.getFileStore(cache).getUsableSpace();
    if (free < LEAST_SPACE_BYTES) {
      throw new UserError(
          "cannot build the Verilog in %s: %d KiB are left on that disk; free some space"
              .formatted(cache, free / 1024));
    }
  }

  private static List<String> command(Map<String, String> files, Variant variant) {
    List<String> command = new ArrayList<>();
    command.add("verilator");
    command.addAll(VerilatorOptions.BUILD);
    switch (variant) {
      case FAST -> command.addAll(VerilatorOptions.FAST);
      case QUICK -> command.addAll(VerilatorOptions.QUICK);
      case TRACED -> {
        command.addAll(VerilatorOptions.FAST);
        command.add("--trace");
      }
    }
    command.addAll(List.of("--top-module", SystolicVerilog.TOP, "--Mdir", "objects", "-o", MODEL));
    files.keySet().stream().filter(f -> f.endsWith(".sv")).forEach(command::add);
    command.add(TestBench.FILE);
    return command;
  }

  private static String key(Map<String, String> files, List<String> command) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      List<String> parts = new ArrayList<>(command);
      parts.add(VERILATOR.version());
      parts.add(COMPILER.version());
      files.forEach(
          (name, text) -> {
            parts.add(name);
            parts.add(text);
          });
      for (String part : parts) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a JDK without SHA-256", e);
    }
  }
}
