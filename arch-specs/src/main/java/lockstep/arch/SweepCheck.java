// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The conditions on a study that the schema cannot say: every parameter names a key of the machine,
 * and every value that it may take is one that this key may have.
 */
final class SweepCheck {
  private static final String PARAMETERS = "/sweep/parameters";

  private SweepCheck() {}

  static void check(JsonNode sweep, ObjectNode machine, SpecSchema schema, Mistakes mistakes) {
    var method = sweep.path("method").asString("grid");
    if (!method.equals("grid") && !sweep.has("run_cap")) {
      mistakes.atKey(
          "/sweep",
          "method " + method + " needs the number of points; add for example run_cap: 64");
    }
    for (var entry : sweep.path("parameters").properties()) {
      var path = entry.getKey();
      var at = YamlDocument.child(PARAMETERS, path);
      var pointer = "/" + path.replace(".", "/");
      var part = schema.at(pointer);
      boolean group = part != null && part.has("properties") && !groups(entry.getValue());
      if (part == null || group || path.startsWith("sweep")) {
        mistakes.atKey(
            at, "`" + path + "` is not a value of this machine; write for example array.rows");
        continue;
      }
      values(entry.getValue(), at, method, mistakes)
          .forEach((place, value) -> tryOut(path, value, place, machine, schema, mistakes));
    }
  }

  /** Whether every value is a group of keys itself, as a group of keys may take. */
  private static boolean groups(JsonNode parameter) {
    JsonNode values = parameter.path("values");
    return !values.isEmpty() && values.valueStream().allMatch(JsonNode::isObject);
  }

  /** The values to try out, by the pointer they are written at. */
  private static Map<String, JsonNode> values(
      JsonNode parameter, String at, String method, Mistakes mistakes) {
    var values = new LinkedHashMap<String, JsonNode>();
    JsonNode list = parameter.get("values");
    if (list == null == !parameter.has("min")) {
      mistakes.atKey(at, "takes either values: [..] or min and max; write one of the two");
    } else if (list != null) {
      for (int i = 0; i < list.size(); i++) {
        values.put(at + "/values/" + i, list.get(i));
      }
    } else if (method.equals("grid")) {
      mistakes.atKey(at, "method grid needs values: [..]; list them, or choose random or sobol");
    } else if (parameter.get("min").doubleValue() > parameter.get("max").doubleValue()) {
      mistakes.at(at + "/min", "`min` is above `max`; exchange them");
    } else {
      values.put(at + "/min", parameter.get("min"));
      values.put(at + "/max", parameter.get("max"));
    }
    return values;
  }

  private static void tryOut(
      String path,
      JsonNode value,
      String place,
      ObjectNode machine,
      SpecSchema schema,
      Mistakes mistakes) {
    var tree = machine.deepCopy();
    var places = new HashMap<String, Position>();
    places.put("", mistakes.place(place));
    DottedPath.set(tree, path, value, mistakes.place(place), places);
    schema.check(tree, mistakes.under(places));
  }
}
