// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import lockstep.arch.Architecture;
import lockstep.compiler.ModelCompiler;
import lockstep.isa.InstructionSet;
import lockstep.rtl.MachineVerilog;
import lockstep.sim.RunResult;
import lockstep.sweep.trial.TrialId;

/**
 * Which tool gives a study's numbers: the version, and a hash over the classes and resources of the
 * modules that results depend on. A stored trial of other code is never taken for one of this, nor
 * a verification of Verilog from another generator.
 */
public final class ToolIdentity {
  private static final List<Class<?>> MODULES =
      List.of(
          Architecture.class,
          InstructionSet.class,
          ModelCompiler.class,
          RunResult.class,
          ToolIdentity.class);
  private static final int DIGITS = 12;

  private ToolIdentity() {}

  /** {@code version+hash}. */
  public static String text() {
    return Held.TEXT;
  }

  /** What gives the Verilog and runs it: a hash over the generator, which simulations ignore. */
  public static String verilog() {
    return Held.VERILOG;
  }

  private static final class Held {
    static final String TEXT = version() + "+" + hash(MODULES);
    static final String VERILOG = version() + "+" + hash(List.of(MachineVerilog.class));
  }

  private static String hash(List<Class<?>> modules) {
    return TrialId.hash(listing(modules)).substring(0, DIGITS);
  }

  private static String version() {
    var version = ToolIdentity.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0" : version;
  }

  private static byte[] listing(List<Class<?>> modules) {
    var listing = new StringBuilder();
    for (Class<?> module : modules) {
      try {
        Path place =
            Path.of(
                Objects.requireNonNull(module.getProtectionDomain().getCodeSource())
                    .getLocation()
                    .toURI());
        for (String each : Files.isDirectory(place) ? folder(place) : jar(place)) {
          listing.append(each).append('\n');
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (URISyntaxException e) {
        throw new IllegalStateException("a module lies nowhere", e);
      }
    }
    return listing.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static List<String> jar(Path place) throws IOException {
    try (var jar = new JarFile(place.toFile())) {
      return jar.stream()
          .filter(each -> !each.isDirectory() && !each.getName().startsWith("META-INF/"))
          .map(each -> each.getName() + " " + each.getSize() + " " + each.getCrc())
          .sorted()
          .toList();
    }
  }

  private static List<String> folder(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      return files
          .filter(Files::isRegularFile)
          .map(each -> place.relativize(each) + " " + sum(each))
          .sorted()
          .toList();
    }
  }

  private static String sum(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      var crc = new CRC32();
      crc.update(bytes);
      return bytes.length + " " + crc.getValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
