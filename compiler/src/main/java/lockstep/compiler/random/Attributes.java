// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;

/** Attributes of a node by name. */
final class Attributes {
  static final Map<String, Attribute> NONE = Map.of();

  private final Map<String, Attribute> attributes = new TreeMap<>();

  static Attributes of(String name, int... values) {
    return new Attributes().and(name, values);
  }

  static Map<String, Attribute> integer(String name, long value) {
    return Map.of(name, new Attribute.Int(value));
  }

  static Map<String, Attribute> real(String name, double value) {
    return Map.of(name, new Attribute.Real((float) value));
  }

  static Map<String, Attribute> text(String name, String value) {
    return Map.of(name, new Attribute.Text(value));
  }

  Attributes and(String name, int... values) {
    return put(name, new Attribute.Ints(Arrays.stream(values).asLongStream().boxed().toList()));
  }

  Attributes put(String name, Attribute value) {
    attributes.put(name, value);
    return this;
  }

  Map<String, Attribute> map() {
    return attributes;
  }
}
