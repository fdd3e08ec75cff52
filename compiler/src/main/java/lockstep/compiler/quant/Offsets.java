// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.network.LaneLayer;
import org.jspecify.annotations.Nullable;

/** Finds the dimensions of a {@link LaneLayer.Move}. */
final class Offsets {
  private Offsets() {}

  /**
   * An order of elements as a sum of offsets along dimensions. Dimensions that no sum can tell
   * apart are joined, in the worst case to one.
   *
   * @param index per element of the result, -1 for none; null for the same order
   * @param lengths of the result's dimensions, outermost first; their product is the number of
   *     elements
   */
  static List<int[]> of(int @Nullable [] index, int... lengths) {
    List<int[]> offsets = new ArrayList<>();
    int[] part = index;
    int stride = 1;
    for (int length : lengths) {
      stride *= length;
    }
    int from = 0;
    while (from < lengths.length) {
      int to = from;
      int joined = 1;
      int[] along = null;
      while (along == null) {
        joined *= lengths[to++];
        along = along(part, joined, stride / joined, to == lengths.length);
      }
      offsets.add(along);
      stride /= joined;
      part = part == null ? null : rest(part, along, stride);
      from = to;
    }
    if (offsets.isEmpty()) {
      offsets.add(new int[] {index == null ? 0 : index[0]});
    }
    return offsets;
  }

  /** The offsets of the outer dimension if the inner ones do not depend on it, else null. */
  private static int @Nullable [] along(
      int @Nullable [] index, int length, int inner, boolean last) {
    int[] along = new int[length];
    if (index == null) {
      for (int i = 0; i < length; i++) {
        along[i] = i * inner;
      }
      return along;
    }
    int first = -1;
    for (int i = 0; i < length; i++) {
      along[i] = some(index, i * inner, inner) ? 0 : LaneLayer.Move.OUTSIDE;
      first = first < 0 && along[i] == 0 ? i : first;
    }
    for (int i = 0; i < length && first >= 0; i++) {
      if (along[i] == LaneLayer.Move.OUTSIDE) {
        continue;
      }
      Integer difference = null;
      for (int j = 0; j < inner; j++) {
        int here = index[i * inner + j];
        int there = index[first * inner + j];
        if ((here < 0) != (there < 0)) {
          return null;
        }
        if (here >= 0) {
          if (difference != null && difference != here - there) {
            return null;
          }
          difference = here - there;
        }
      }
      along[i] = difference == null ? 0 : difference;
    }
    if (last && first >= 0) {
      for (int i = 0; i < length; i++) {
        along[i] = index[i] < 0 ? LaneLayer.Move.OUTSIDE : index[i];
      }
    }
    return along;
  }

  private static boolean some(int[] index, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (index[i] >= 0) {
        return true;
      }
    }
    return false;
  }

  /** What is left for the inner dimensions: that of an outer place where there is something. */
  private static int[] rest(int[] index, int[] along, int inner) {
    int first = 0;
    while (first < along.length - 1 && along[first] == LaneLayer.Move.OUTSIDE) {
      first++;
    }
    int[] rest = new int[inner];
    System.arraycopy(index, first * inner, rest, 0, inner);
    return rest;
  }
}
