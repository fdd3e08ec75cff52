// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import lockstep.compiler.graph.Encoding;

/**
 * Each value's encoding. What a model prescribes holds; otherwise it follows from the range that
 * calibration chose for the value's {@link EncodingGroups group}.
 */
final class Encodings {
  private final EncodingGroups groups;
  private final Map<String, Calibration.Range> ranges = new HashMap<>();
  private final Map<String, CodeWidth> codes;

  /**
   * @param ranges of values or of roots; those of one group are joined
   * @param codes by root, where they are not {@link CodeWidth#BYTE}
   */
  Encodings(
      EncodingGroups groups, Map<String, Calibration.Range> ranges, Map<String, CodeWidth> codes) {
    this.groups = groups;
    this.codes = Map.copyOf(codes);
    ranges.forEach((v, r) -> this.ranges.merge(groups.root(v), r, Calibration.Range::union));
  }

  Encoding of(String value) {
    String root = groups.root(value);
    Encoding known = groups.prescribed(root);
    return known != null
        ? known
        : codes(value).encoding(Objects.requireNonNull(ranges.get(root), value));
  }

  /** Whether the model itself says how a value is encoded. */
  boolean prescribed(String value) {
    return groups.prescribed(groups.root(value)) != null;
  }

  /** The codes that a value may have; those of a prescribed encoding fill a byte. */
  CodeWidth codes(String value) {
    String root = groups.root(value);
    CodeWidth known = groups.prescribed(root) == null ? codes.get(root) : null;
    return known != null ? known : new CodeWidth(8, groups.symmetric(root));
  }
}
