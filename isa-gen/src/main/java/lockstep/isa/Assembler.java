// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import lockstep.arch.UserError;

/**
 * Text to instruction words. One instruction a line: its mnemonic, then fields and their values,
 * separated by commas; fields not named are 0; {@code #} begins a comment.
 *
 * <pre>
 *   load dram_address=0x2000, lines=1, windows=4, chunks=1, bytes=16   # weights
 *   halt
 * </pre>
 *
 * Values are decimal or, after {@code 0x}, hexadecimal, with a {@code -} before negative ones.
 * {@link Disassembler} writes the same text. A mistake ends in a {@link UserError} that begins with
 * {@code file:line:column:}.
 */
public final class Assembler {
  private final InstructionSet isa;

  public Assembler(InstructionSet isa) {
    this.isa = isa;
  }

  /** Assembles a file. */
  public byte[] assemble(Path file) {
    try {
      return assemble(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new UserError("%s: cannot be read as text: %s".formatted(file, e));
    }
  }

  /**
   * Assembles {@code text}.
   *
   * @param file the name that stands in messages
   * @return {@code wordBytes} bytes for each instruction
   */
  public byte[] assemble(String text, String file) {
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      new Line(file, number, line).assembleTo(words);
    }
    return words.toByteArray();
  }

  /**
   * Assembles one line.
   *
   * @param number of the line, for messages
   * @return the bytes of an instruction, or none if there is none in the line
   */
  public byte[] assemble(String line, String file, int number) {
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    new Line(file, number, line).assembleTo(words);
    return words.toByteArray();
  }

  /** One line of the source and the position reached in it. */
  private final class Line {
    private final String file;
    private final int number;
    private final String text;
    private int at;

    Line(String file, int number, String text) {
      this.file = file;
      this.number = number;
      int comment = text.indexOf('#');
      this.text = comment < 0 ? text : text.substring(0, comment);
    }

    void assembleTo(ByteArrayOutputStream words) {
      skipBlanks();
      if (at == text.length()) {
        return;
      }
      Format format = format();
      long[] values = new long[format.fields().size()];
      boolean[] given = new boolean[values.length];
      skipBlanks();
      while (at < text.length()) {
        assign(format, values, given);
        skipBlanks();
        if (at < text.length()) {
          expect(',', "a comma between two fields");
          skipBlanks();
          if (at == text.length()) {
            throw error(at, "a field is missing after the comma; remove the comma or add one");
          }
        }
      }
      byte[] word = new byte[isa.wordBytes()];
      isa.encode(format, values, word, 0);
      words.writeBytes(word);
    }

    private Format format() {
      int start = at;
      String mnemonic = name("an instruction");
      for (Format format : isa.formats()) {
        if (format.mnemonic().equals(mnemonic)) {
          return format;
        }
      }
      throw error(
          start,
          "%s has no instruction '%s'; it has %s"
              .formatted(isa.name(), mnemonic, list(isa.formats(), Format::mnemonic)));
    }

    private void assign(Format format, long[] values, boolean[] given) {
      int start = at;
      String name = name("a field");
      int index = 0;
      while (index < values.length && !format.fields().get(index).name().equals(name)) {
        index++;
      }
      if (index == values.length) {
        throw error(
            start,
            "%s has no field '%s'; it has %s"
                .formatted(format.mnemonic(), name, list(format.fields(), Field::name)));
      }
      if (given[index]) {
        throw error(start, "field '%s' is given twice; remove one".formatted(name));
      }
      given[index] = true;
      skipBlanks();
      expect('=', "'=' after the field's name");
      skipBlanks();
      values[index] = value(format.fields().get(index));
    }

    private long value(Field field) {
      int start = at;
      if (at < text.length() && text.charAt(at) == '-') {
        at++;
      }
      while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
        at++;
      }
      String word = text.substring(start, at);
      long value;
      try {
        value = word.startsWith("0x") || word.startsWith("-0x") ? Long.decode(word) : decimal(word);
      } catch (NumberFormatException e) {
        throw error(
            start,
            "'%s' is not a number for %s; write a decimal or 0x number"
                .formatted(word, field.name()));
      }
      if (value < field.min() || value > field.max()) {
        throw error(
            start,
            "%s=%s does not fit: it must be from %d to %d"
                .formatted(field.name(), word, field.min(), field.max()));
      }
      return value;
    }

    private static long decimal(String word) {
      if (!word.matches("-?[0-9]+")) {
        throw new NumberFormatException(word);
      }
      return Long.parseLong(word);
    }

    private String name(String what) {
      int start = at;
      while (at < text.length() && isNamePart(text.charAt(at))) {
        at++;
      }
      if (at == start) {
        throw error(at, "'%s' cannot begin %s".formatted(text.charAt(at), what));
      }
      return text.substring(start, at);
    }

    private static boolean isNamePart(char c) {
      return c == '_' || c == '.' || Character.isLetterOrDigit(c);
    }

    private void expect(char c, String what) {
      if (at == text.length() || text.charAt(at) != c) {
        String found = at == text.length() ? "the line ends" : "found '" + text.charAt(at) + "'";
        throw error(at, "expected %s, but %s".formatted(what, found));
      }
      at++;
    }

    private void skipBlanks() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private UserError error(int column, String message) {
      return new UserError("%s:%d:%d: %s".formatted(file, number, column + 1, message));
    }
  }

  private static <T> String list(Iterable<T> items, Function<T, String> name) {
    StringBuilder names = new StringBuilder();
    for (T item : items) {
      names.append(names.isEmpty() ? "" : ", ").append(name.apply(item));
    }
    return names.isEmpty() ? "none" : names.toString();
  }
}
