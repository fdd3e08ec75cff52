// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

import java.util.List;
import lockstep.arch.UserError;

/** A place in a text's tokens; everything that does not fit is a mistake with line and column. */
final class Cursor {
  private final String where;
  private final List<Token> tokens;
  private int at;

  Cursor(String where, String text) {
    this.where = where;
    tokens = Lexer.tokens(where, text);
  }

  boolean atEnd() {
    return at == tokens.size();
  }

  private Token peek() {
    return atEnd() ? new Token(Token.Kind.END_OF_LINE, "", lastLine(), 1) : tokens.get(at);
  }

  private int lastLine() {
    return tokens.isEmpty() ? 1 : tokens.getLast().line();
  }

  /** Whether the next token is this sign or word; it is then passed. */
  boolean accept(String text) {
    Token next = peek();
    if (next.kind() == Token.Kind.STRING
        || next.kind() == Token.Kind.END_OF_LINE
        || !next.text().equals(text)) {
      return false;
    }
    at++;
    return true;
  }

  void expect(String text) {
    if (!accept(text)) {
      throw mistake("expected '" + text + "'" + found());
    }
  }

  /** Passes the end of a line. */
  void endOfLine() {
    if (peek().kind() != Token.Kind.END_OF_LINE) {
      throw mistake("expected the end of the line" + found());
    }
    at++;
  }

  String word(String what) {
    if (peek().kind() != Token.Kind.WORD) {
      throw mistake("expected " + what + found());
    }
    return tokens.get(at++).text();
  }

  /** A name: a word, or a string in quotes. */
  String name(String what) {
    if (peek().kind() != Token.Kind.WORD && peek().kind() != Token.Kind.STRING) {
      throw mistake("expected " + what + found());
    }
    return tokens.get(at++).text();
  }

  boolean atWord() {
    return peek().kind() == Token.Kind.WORD;
  }

  boolean atName() {
    return atWord() || peek().kind() == Token.Kind.STRING;
  }

  private String found() {
    Token next = peek();
    return next.kind() == Token.Kind.END_OF_LINE
        ? ", found the end of the line"
        : ", found '" + next.text() + "'";
  }

  /** A mistake at the next token. */
  UserError mistake(String what) {
    return new UserError(where + ":" + peek().line() + ":" + peek().column() + ": " + what);
  }

  /** A mistake at the token passed last. */
  UserError mistakeBefore(String what) {
    at = Math.max(0, at - 1);
    return mistake(what);
  }
}
