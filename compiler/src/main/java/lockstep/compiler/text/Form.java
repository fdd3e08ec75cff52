// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

import java.util.function.Function;

/** How values of one type are written, where that is shorter than the record's own form. */
record Form<T>(Class<T> type, Function<T, String> print, Function<Cursor, T> parse) {
  String text(Object value) {
    return print.apply(type.cast(value));
  }
}
