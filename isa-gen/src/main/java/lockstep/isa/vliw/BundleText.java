// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import lockstep.arch.UserError;
import lockstep.isa.Assembler;
import lockstep.isa.Disassembler;
import lockstep.isa.InstructionText;
import lockstep.isa.vliw.BundleSet.Slot;

/**
 * Bundles as text and back: one a line, in braces the slots that have something to do, {@code ;}
 * between them; {@code #} begins a comment.
 *
 * <pre>
 *   { scalar0: loop count=8, bundles=1; load0: load base=1, to=2, post=1, step=4 }
 *   { matrix: multiply to=0, left=2, right=4, add=1; load0: load base=1, to=3 }   # the body
 *   { }
 * </pre>
 *
 * A mistake ends in a {@link UserError} that begins with {@code file:line:column:}.
 */
public final class BundleText implements InstructionText {
  private final BundleSet isa;

  public BundleText(BundleSet isa) {
    this.isa = isa;
  }

  @Override
  public String machine() {
    return isa.name();
  }

  @Override
  public int instructionBytes() {
    return isa.bytes();
  }

  /**
   * Assembles {@code text}.
   *
   * @param file the name that stands in messages
   * @return {@link BundleSet#bytes} bytes for each bundle
   */
  public byte[] assemble(String text, String file) {
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    int number = 0;
    for (String whole : text.lines().toList()) {
      number++;
      int comment = whole.indexOf('#');
      String line = comment < 0 ? whole : whole.substring(0, comment);
      if (!line.isBlank()) {
        words.writeBytes(bundle(line, file, number));
      }
    }
    return words.toByteArray();
  }

  private byte[] bundle(String line, String file, int number) {
    int from = line.length() - line.stripLeading().length();
    int to = line.stripTrailing().length() - 1;
    if (line.charAt(from) != '{' || to == from || line.charAt(to) != '}') {
      int at = line.charAt(from) == '{' ? to : from;
      throw error(file, number, at, "a bundle is a pair of braces; write { slot: operation; .. }");
    }
    byte[] bundle = new byte[isa.bytes()];
    Set<String> given = new HashSet<>();
    int at = from + 1;
    while (at < to) {
      int end = line.indexOf(';', at);
      end = end < 0 ? to : end;
      if (!line.substring(at, end).isBlank()) {
        operation(line, at, end, bundle, given, file, number);
      } else if (end < to || !given.isEmpty()) {
        throw error(file, number, at, "an operation is missing; remove the ; or add one");
      }
      at = end + 1;
    }
    return bundle;
  }

  private void operation(
      String line, int from, int end, byte[] bundle, Set<String> given, String file, int number) {
    int colon = line.indexOf(':', from);
    int start = from;
    while (Character.isWhitespace(line.charAt(start))) {
      start++;
    }
    if (colon < 0 || colon >= end) {
      throw error(file, number, start, "expected the name of a slot and a colon");
    }
    String name = line.substring(start, colon).strip();
    List<Slot> named = isa.slots().stream().filter(each -> each.name().equals(name)).toList();
    if (named.isEmpty()) {
      String names = isa.slots().stream().map(Slot::name).collect(Collectors.joining(", "));
      throw error(
          file, number, start, "%s has no slot '%s'; it has %s".formatted(isa.name(), name, names));
    }
    if (!given.add(name)) {
      throw error(file, number, start, "slot '%s' is given twice; remove one".formatted(name));
    }
    Slot slot = named.getFirst();
    String before = " ".repeat(colon + 1);
    byte[] word =
        new Assembler(slot.operations())
            .assemble(before + line.substring(colon + 1, end), file, number);
    if (word.length == 0) {
      throw error(file, number, colon, "an operation is missing after the colon");
    }
    System.arraycopy(word, 0, bundle, slot.offset(), word.length);
  }

  private static UserError error(String file, int number, int column, String message) {
    return new UserError("%s:%d:%d: %s".formatted(file, number, column + 1, message));
  }

  /**
   * The bundle at byte {@code offset}, without a line end; assembling it gives the bundle again.
   *
   * @throws UserError if an operation is none of its slot's
   */
  @Override
  public String line(byte[] words, int offset) {
    StringBuilder line = new StringBuilder("{ ");
    String separator = "";
    for (Slot slot : isa.slots()) {
      String operation = new Disassembler(slot.operations()).line(words, offset + slot.offset());
      if (!operation.equals(NOTHING)) {
        line.append(separator).append(slot.name()).append(": ").append(operation);
        separator = "; ";
      }
    }
    return line.append(separator.isEmpty() ? "}" : " }").toString();
  }

  private static final String NOTHING = "nop";

  /** All bundles, one a line. */
  public String text(byte[] words) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < words.length; at += isa.bytes()) {
      text.append(line(words, at)).append('\n');
    }
    return text.toString();
  }
}
