// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.UserError;

/** Cuts a text into tokens; a {@code #} outside quotes starts a comment. */
final class Lexer {
  private static final String SIGNS = "()[]{}=,:";

  private final String where;
  private final List<Token> tokens = new ArrayList<>();

  private Lexer(String where) {
    this.where = where;
  }

  static List<Token> tokens(String where, String text) {
    Lexer lexer = new Lexer(where);
    int number = 0;
    for (String line : text.lines().toList()) {
      lexer.line(line, ++number);
    }
    return lexer.tokens;
  }

  private void line(String line, int number) {
    int at = 0;
    int before = tokens.size();
    while (at < line.length() && line.charAt(at) != '#') {
      char c = line.charAt(at);
      int start = at;
      if (c == ' ' || c == '\t') {
        at++;
      } else if (SIGNS.indexOf(c) >= 0) {
        tokens.add(new Token(Token.Kind.SIGN, String.valueOf(c), number, ++at));
      } else if (c == '"') {
        StringBuilder string = new StringBuilder();
        at = string(line, number, start, string);
        tokens.add(new Token(Token.Kind.STRING, string.toString(), number, start + 1));
      } else {
        while (at < line.length() && " \t#\"".indexOf(line.charAt(at)) < 0 && !sign(line, at)) {
          at++;
        }
        tokens.add(new Token(Token.Kind.WORD, line.substring(start, at), number, start + 1));
      }
    }
    if (tokens.size() > before) {
      tokens.add(new Token(Token.Kind.END_OF_LINE, "", number, line.length() + 1));
    }
  }

  private static boolean sign(String line, int at) {
    return SIGNS.indexOf(line.charAt(at)) >= 0;
  }

  private int string(String line, int number, int start, StringBuilder into) {
    int at = start + 1;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '"') {
        return at;
      }
      if (c != '\\') {
        into.append(c);
        continue;
      }
      char escaped = at < line.length() ? line.charAt(at++) : ' ';
      switch (escaped) {
        case '"', '\\' -> into.append(escaped);
        case 'n' -> into.append('\n');
        case 'r' -> into.append('\r');
        case 'u' -> {
          if (!line.substring(at).matches("[0-9a-f]{4}.*")) {
            throw mistake(number, at, "\\u is followed by four hexadecimal digits");
          }
          into.append((char) Integer.parseInt(line.substring(at, at + 4), 16));
          at += 4;
        }
        default -> throw mistake(number, at, "there is no escape \\" + escaped);
      }
    }
    throw mistake(number, start + 1, "the string does not end in its line");
  }

  private UserError mistake(int line, int column, String what) {
    return new UserError(where + ":" + line + ":" + column + ": " + what);
  }

  /** A string in quotes, as the lexer reads it. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        default -> {
          boolean printable = c >= ' ' && c != 0x7f && c != 0x85 && c != 0x2028 && c != 0x2029;
          quoted.append(printable ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
      }
    }
    return quoted.append('"').toString();
  }
}
