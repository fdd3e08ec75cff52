// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A program outside Lockstep.
 *
 * @param name what people call it
 * @param command the program and the arguments that make it say its version
 * @param aptPackage the Debian package it is in
 * @param purpose what cannot be done without it
 */
record Tool(String name, List<String> command, String aptPackage, String purpose) {
  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+[\\w.+-]*");
  private static final int SECONDS = 10;

  static final List<Tool> ALL =
      List.of(
          new Tool("verilator", List.of("verilator", "--version"), "verilator", "verify, sweep"),
          new Tool("g++", List.of("g++", "--version"), "g++", "verify, sweep"),
          new Tool("make", List.of("make", "--version"), "make", "verify, sweep"),
          new Tool("fontconfig", List.of("fc-list", "--version"), "fontconfig", "charts"),
          new Tool(
              "a font",
              List.of("fc-match", "-f", "%{family[0]}", "sans"),
              "fonts-dejavu-core",
              "charts"),
          new Tool("yosys", List.of("yosys", "-V"), "yosys", "synthesis tests"),
          new Tool(
              "riscv64 binutils",
              List.of("riscv64-unknown-elf-as", "--version"),
              "binutils-riscv64-unknown-elf",
              "tests of RISC-V programs"),
          new Tool(
              "qemu-riscv64",
              List.of("qemu-riscv64", "--version"),
              "qemu-user",
              "tests of RISC-V programs"),
          new Tool("chromium", List.of("chromium", "--version"), "chromium", "report screenshots"));

  /** The program's path; empty when it is not on {@code PATH}. */
  Optional<Path> find() {
    for (var folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      var program = Path.of(folder, command.getFirst());
      if (Files.isExecutable(program) && !Files.isDirectory(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /**
   * What the program says about its version.
   *
   * @throws IOException when it does not start, or says nothing useful within ten seconds
   */
  String version() throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("does not answer");
    }
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.exitValue() != 0) {
      throw new IOException("ends with exit code " + process.exitValue() + ": " + firstLine(said));
    }
    var matcher = VERSION.matcher(said);
    return matcher.find() ? matcher.group() : firstLine(said);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
