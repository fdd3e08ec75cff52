// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.program;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;
import lockstep.isa.Disassembler;
import lockstep.isa.Expanded;
import lockstep.isa.InstructionSet;
import lockstep.isa.InstructionText;

/**
 * Programs as folders of files.
 *
 * <pre>
 *   program.json   sizes, address map, layers, the layer of each instruction, hash of the spec
 *   image.bin      the bytes of all segments, one after the other
 *   words.bin      the instructions alone, expanded
 *   program.s      the instructions as text, which the assembler reads
 *   SHA256SUMS     of the four, as sha256sum -c reads it
 * </pre>
 *
 * A folder appears whole or not at all, and one that was changed or cut short is refused. {@link
 * #read} gives back exactly what {@link #write} was given. Mistakes end in {@link UserError}.
 */
public final class ProgramFile {
  private static final String JSON = "program.json";
  private static final String IMAGE = "image.bin";
  private static final String WORDS = "words.bin";
  private static final String TEXT = "program.s";
  private static final String SUMS = "SHA256SUMS";
  private static final Set<String> NAMES = Set.of(JSON, IMAGE, WORDS, TEXT, SUMS);

  private ProgramFile() {}

  /**
   * Writes {@code program} as {@code folder}, in place of a program that is there.
   *
   * @param isa the instruction set of the machine it was compiled for
   */
  public static void write(Program program, InstructionSet isa, Path folder) {
    write(program, new Disassembler(isa), folder);
  }

  /**
   * Writes {@code program} as {@code folder}, in place of a program that is there.
   *
   * @param form the text form of the instructions of the machine it was compiled for
   */
  public static void write(Program program, InstructionText form, Path folder) {
    Path target = folder.toAbsolutePath().normalize();
    try {
      refuseOtherFiles(target);
      Path parent = target.getParent();
      if (parent == null) {
        throw new UserError("%s: is no place for a program; name a folder in it".formatted(folder));
      }
      Files.createDirectories(parent);
      Path part = parent.resolve("." + target.getFileName() + ".part-" + UUID.randomUUID());
      Files.createDirectory(part);
      try {
        StringBuilder sums = new StringBuilder();
        sums.append(write(part, JSON, out -> out.write(ProgramDocument.of(program).json())));
        sums.append(write(part, IMAGE, out -> image(program, out)));
        sums.append(write(part, WORDS, out -> out.write(words(program))));
        sums.append(write(part, TEXT, out -> text(program, form, out)));
        Files.writeString(part.resolve(SUMS), sums);
        putInPlace(part, target);
      } finally {
        delete(part);
      }
    } catch (IOException e) {
      throw FileFailure.unwritable(folder, e);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static Program read(Path folder) {
    if (!Files.isRegularFile(folder.resolve(SUMS))) {
      throw new UserError(
          "%s: is no program: %s is missing; write one with explore compile"
              .formatted(folder, SUMS));
    }
    List<String> sums = new String(bytes(folder, SUMS), StandardCharsets.UTF_8).lines().toList();
    byte[] json = checked(folder, JSON, sums);
    byte[] image = checked(folder, IMAGE, sums);
    byte[] words = checked(folder, WORDS, sums);
    ProgramDocument document = ProgramDocument.parse(json, folder.resolve(JSON).toString());
    if (document.imageBytes() != image.length) {
      throw damaged(
          folder.resolve(IMAGE),
          "has %d bytes where %s says %d".formatted(image.length, JSON, document.imageBytes()));
    }
    Program program = document.program(image);
    if (!Arrays.equals(words, words(program))) {
      throw damaged(folder.resolve(WORDS), "differs from the instructions in " + IMAGE);
    }
    return program;
  }

  /** SHA-256 of all that a program holds, hex: equal for equal programs only. */
  public static String hash(Program program) {
    MessageDigest digest = sha256();
    digest.update(ProgramDocument.of(program).json());
    for (Program.Segment s : program.segments()) {
      digest.update(s.bytes());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The instructions, HALT included, expanded.
   *
   * @throws UserError if the stream ends before them
   */
  public static Expanded expanded(Program program) {
    for (Program.Segment s : program.segments()) {
      long offset = program.base() - s.address();
      if (offset >= 0 && offset < s.bytes().length) {
        try {
          return program.stream()
              .expand(s.bytes(), (int) offset, program.wordBytes(), program.instructionCount());
        } catch (IllegalArgumentException e) {
          throw new UserError("program %s: %s".formatted(program.name(), e.getMessage()));
        }
      }
    }
    throw new UserError("program %s: no segment holds its instructions".formatted(program.name()));
  }

  /** The instructions' words alone, {@code wordBytes} for each. */
  public static byte[] words(Program program) {
    return expanded(program).words();
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes a file and gives back its line of {@code SHA256SUMS}. */
  private static String write(Path folder, String name, Content content) throws IOException {
    MessageDigest digest = sha256();
    try (OutputStream file = Files.newOutputStream(folder.resolve(name));
        OutputStream out = new DigestOutputStream(file, digest)) {
      content.writeTo(out);
    }
    return sum(name, digest);
  }

  private static void image(Program program, OutputStream out) throws IOException {
    for (Program.Segment s : program.segments()) {
      out.write(s.bytes());
    }
  }

  private static void text(Program program, InstructionText form, OutputStream out)
      throws IOException {
    Writer writer =
        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
    ProgramText.write(program, form, writer);
    writer.flush();
  }

  private static void refuseOtherFiles(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    try (Stream<Path> present = Files.list(target)) {
      for (Path file : present.toList()) {
        if (!NAMES.contains(String.valueOf(file.getFileName()))) {
          throw new UserError(
              "%s: holds %s, which is not of a program; name a new folder"
                  .formatted(target, file.getFileName()));
        }
      }
    }
  }

  private static void putInPlace(Path part, Path target) throws IOException {
    if (Files.exists(target)) {
      Path old = part.resolveSibling(part.getFileName() + ".old");
      move(target, old);
      move(part, target);
      delete(old);
    } else {
      move(part, target);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static byte[] checked(Path folder, String name, List<String> sums) {
    byte[] bytes = bytes(folder, name);
    MessageDigest digest = sha256();
    digest.update(bytes);
    if (!sums.contains(sum(name, digest).strip())) {
      throw damaged(
          folder.resolve(name),
          "(%d bytes) is not what %s says it was".formatted(bytes.length, SUMS));
    }
    return bytes;
  }

  private static byte[] bytes(Path folder, String name) {
    try {
      return Files.readAllBytes(folder.resolve(name));
    } catch (IOException e) {
      throw damaged(folder.resolve(name), "cannot be read: " + FileFailure.words(e));
    }
  }

  private static UserError damaged(Path file, String what) {
    return new UserError(
        "%s: %s; write the program again with explore compile".formatted(file, what));
  }

  private static String sum(String name, MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()) + "  " + name + "\n";
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
