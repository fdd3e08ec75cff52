// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Keys that a group may leave out: read from a tree, and written as canonical YAML on one line. */
public final class FlowKeys {
  private final List<String> keys = new ArrayList<>();

  /** The word at a key, null where it is left out. */
  public static @Nullable String word(JsonNode group, String key) {
    return group.has(key) ? group.get(key).stringValue() : null;
  }

  /** The number at a key, null where it is left out. */
  public static @Nullable Integer number(JsonNode group, String key) {
    return group.has(key) ? Integer.valueOf(group.get(key).intValue()) : null;
  }

  /** The number at a place of a list, null where the list is left out. */
  public static @Nullable Integer number(JsonNode group, String list, int index) {
    return group.has(list) ? Integer.valueOf(group.get(list).get(index).intValue()) : null;
  }

  /** Adds a text that may hold any characters. */
  public FlowKeys text(String key, String value) {
    return add(key, JsonNodeFactory.instance.stringNode(value));
  }

  /** Adds a key, unless its value is null. */
  public FlowKeys add(String key, @Nullable Object value) {
    if (value != null) {
      keys.add(key + ": " + value);
    }
    return this;
  }

  /** Adds a group, unless it is empty. */
  public FlowKeys group(String key, FlowKeys group) {
    return group.keys.isEmpty() ? this : add(key, group);
  }

  /** The group, in braces. */
  @Override
  public String toString() {
    return "{" + String.join(", ", keys) + "}";
  }
}
