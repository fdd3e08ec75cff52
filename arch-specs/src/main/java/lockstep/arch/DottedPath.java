// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Paths such as {@code array.rows}, as {@code --set} and the study's parameters write them. */
final class DottedPath {
  private DottedPath() {}

  /**
   * Sets the value at a path, making objects on the way where there are none. A key that itself has
   * dots (those of a study's parameters do) is found by its longest form.
   *
   * @param places gets the origin as the place of the new value and of the keys made for it
   * @throws UserError when the path runs through something that is not an object
   */
  static void set(
      ObjectNode root, String path, JsonNode value, Position origin, Map<String, Position> places) {
    ObjectNode object = root;
    var pointer = "";
    var words = List.of(path.split("\\.", -1));
    int at = 0;
    while (true) {
      int length = keyLength(object, words.subList(at, words.size()));
      var key = String.join(".", words.subList(at, at + length));
      pointer = YamlDocument.child(pointer, key);
      at += length;
      if (at == words.size()) {
        object.set(key, value);
        forget(places, pointer);
        places.put(pointer, origin);
        places.put(YamlDocument.KEY + pointer, origin);
        return;
      }
      JsonNode next = object.get(key);
      if (next == null) {
        next = object.putObject(key);
        places.put(pointer, origin);
        places.put(YamlDocument.KEY + pointer, origin);
      }
      if (!(next instanceof ObjectNode inner)) {
        throw new UserError(
            origin + ": `" + key + "` is one value and has no parts; shorten the path");
      }
      object = inner;
    }
  }

  private static int keyLength(ObjectNode object, List<String> words) {
    for (int length = words.size(); length > 1; length--) {
      if (object.has(String.join(".", words.subList(0, length)))) {
        return length;
      }
    }
    return 1;
  }

  private static void forget(Map<String, Position> places, String pointer) {
    places
        .keySet()
        .removeIf(
            each ->
                each.startsWith(pointer + "/")
                    || each.startsWith(YamlDocument.KEY + pointer + "/"));
  }
}
