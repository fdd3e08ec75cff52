// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

/** What matrix, vector, special and permute slots compute; numbers of registers, tables, parts. */
sealed interface ValueOperation {
  record Multiply(int to, int left, int right, boolean add) implements ValueOperation {}

  record Requantise(
      int to, int quarter, int zero, int min, int max, int from, int part, int parameters)
      implements ValueOperation {}

  record Sums(int to, int from, int part) implements ValueOperation {}

  /** Lane by lane, of the sums in two registers. */
  record Lanes(Function function, int to, int a, int b) implements ValueOperation {
    enum Function {
      ADD,
      SUB,
      MUL,
      MIN,
      MAX,
      COMPARE;

      int of(int a, int b) {
        return switch (this) {
          case ADD -> a + b;
          case SUB -> a - b;
          case MUL -> a * b;
          case MIN -> Math.min(a, b);
          case MAX -> Math.max(a, b);
          case COMPARE -> a > b ? -1 : 0;
        };
      }
    }
  }

  record Scale(int to, int from, int scale) implements ValueOperation {}

  record Splat(int to, int value) implements ValueOperation {}

  record Widen(int to, int from, int quarter) implements ValueOperation {}

  record Narrow(int to, int quarter, int zero, int min, int max, int from)
      implements ValueOperation {}

  record Greater(int to, int a, int b) implements ValueOperation {}

  /** Code by code {@code a} or {@code b}. */
  record Select(int to, int a, int b, int mask) implements ValueOperation {}

  record Lookup(int to, int from, int table) implements ValueOperation {}

  record Fill(int from, int table, int part) implements ValueOperation {}

  /** Lane by lane: a part of what a function makes of the lanes of a register. */
  record Inverse(Function function, int to, int from, int part) implements ValueOperation {
    enum Function {
      RECIPROCAL,
      ROOT
    }
  }

  record Shuffle(int to, int from, int order) implements ValueOperation {}
}
