// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

/** Image lines {@code [from, to)}. */
record Lines(int from, int to) {

  static Lines all(int height) {
    return new Lines(0, height);
  }

  int size() {
    return to - from;
  }

  /** Both, and the lines between them. */
  Lines union(Lines o) {
    return new Lines(Math.min(from, o.from), Math.max(to, o.to));
  }

  /** Those that an image of {@code height} lines has. */
  Lines within(int height) {
    return new Lines(Math.max(0, from), Math.min(height, to));
  }

  boolean isEmpty() {
    return from >= to;
  }
}
