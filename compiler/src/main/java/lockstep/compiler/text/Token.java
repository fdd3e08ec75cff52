// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

/**
 * A piece of a text: a sign of punctuation, a quoted string without its quotes, or a word.
 *
 * @param line counted from 1
 * @param column counted from 1
 */
record Token(Kind kind, String text, int line, int column) {
  enum Kind {
    SIGN,
    STRING,
    WORD,
    END_OF_LINE
  }
}
