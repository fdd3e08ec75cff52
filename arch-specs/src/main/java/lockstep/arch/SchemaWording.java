// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says what a schema violation means for the person who wrote the file, and how to repair it. */
final class SchemaWording {
  private final SpecSchema schema;
  private final JsonNode document;
  private final Mistakes mistakes;

  SchemaWording(SpecSchema schema, JsonNode document, Mistakes mistakes) {
    this.schema = schema;
    this.document = document;
    this.mistakes = mistakes;
  }

  /** Adds every violation; a missing key that was only misspelt is not told twice. */
  void addAll(List<Error> errors) {
    var meant = new HashSet<String>();
    for (var error : errors) {
      if (error.getKeyword().equals("additionalProperties")) {
        addUnknownKey(error, meant);
      }
    }
    for (var error : errors) {
      var pointer = error.getInstanceLocation().toString();
      if (error.getKeyword().equals("required")) {
        var key = error.getProperty();
        var path = YamlDocument.child(pointer, key);
        if (!meant.contains(path)) {
          mistakes.atKey(pointer, missingKey(key, name(pointer), schema.at(path)));
        }
      } else if (error.getKeyword().equals("dependentRequired")) {
        mistakes.atKey(pointer, name(pointer) + " needs min and max together; add the missing one");
      } else if (!error.getKeyword().equals("additionalProperties")) {
        addWrongValue(error, pointer);
      }
    }
  }

  private void addUnknownKey(Error error, Set<String> meant) {
    var pointer = error.getInstanceLocation().toString();
    var key = error.getProperty();
    var known =
        schema.require(pointer).path("properties").propertyStream().map(Map.Entry::getKey).toList();
    var near = Spelling.nearest(key, known);
    near.ifPresent(each -> meant.add(YamlDocument.child(pointer, each)));
    var repair = near.map(each -> "did you mean `" + each + "`? ").orElse("remove it; ");
    mistakes.atKey(
        YamlDocument.child(pointer, key),
        "unknown key `%s` in %s; %sknown here: %s"
            .formatted(key, name(pointer), repair, String.join(", ", known)));
  }

  private void addWrongValue(Error error, String pointer) {
    var name = name(pointer);
    var part = schema.require(pointer);
    mistakes.at(pointer, name + " " + wrongValue(part, document.at(pointer), name, error));
  }

  private static String name(String pointer) {
    if (pointer.isEmpty()) {
      return "the machine";
    }
    var words = new ArrayList<String>();
    for (var word : pointer.substring(1).split("/")) {
      var key = word.replace("~1", "/").replace("~0", "~");
      if (!key.isEmpty() && key.chars().allMatch(Character::isDigit) && !words.isEmpty()) {
        words.add(words.removeLast() + "[" + key + "]");
      } else {
        words.add(key);
      }
    }
    return "`" + String.join(".", words) + "`";
  }

  private static String missingKey(String key, String parent, @Nullable JsonNode part) {
    var example = part == null ? null : part.path("examples").get(0);
    var repair = example == null ? "add it" : "add for example " + key + ": " + flow(example);
    var what = part == null ? "" : " (" + part.path("description").asString("") + ")";
    return "`%s` is missing in %s%s; %s".formatted(key, parent, what, repair);
  }

  private static String wrongValue(JsonNode part, JsonNode value, String name, Error error) {
    var expected = expected(part);
    var what = part.path("description").asString("");
    var explained = what.isEmpty() ? "" : " (" + what + ")";
    if (value.isNull()) {
      return "has no value; write " + expected + explained + " or remove the key";
    }
    return switch (error.getKeyword()) {
      case "uniqueItems" -> "holds a value twice; remove one of them";
      case "minItems", "minProperties", "minLength" ->
          value.isEmpty()
              ? "is empty; write " + expected + explained
              : "must be " + expected + explained + ", but is " + quoted(value);
      case "type" -> {
        var unit = value.isString() ? Units.suggestion(name, value.stringValue()) : null;
        var repair = unit == null ? "" : "; write " + unit;
        yield "must be " + expected + explained + ", but is " + described(value) + repair;
      }
      default -> "must be " + expected + explained + ", but is " + quoted(value);
    };
  }

  private static String described(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "the text \"" + value.stringValue() + "\"";
      case OBJECT -> "a group of keys";
      case ARRAY -> "the list " + flow(value);
      default -> flow(value);
    };
  }

  private static String quoted(JsonNode value) {
    return value.isString() ? "\"" + value.stringValue() + "\"" : flow(value);
  }

  private static String expected(JsonNode part) {
    if (part.has("enum")) {
      var words = list(part.get("enum"));
      return words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
    }
    return switch (part.path("type").asString("")) {
      case "integer" -> "a whole number" + multiple(part) + range(part);
      case "number" -> "a number" + range(part);
      case "boolean" -> "true or false";
      case "string" -> "text";
      case "array" -> "a list" + example(part);
      case "object" -> "a group of keys" + example(part);
      default -> "a value";
    };
  }

  private static String multiple(JsonNode part) {
    return part.has("multipleOf") ? ", a multiple of " + part.get("multipleOf") + "," : "";
  }

  private static String range(JsonNode part) {
    if (part.has("minimum") && part.has("maximum")) {
      return " from " + part.get("minimum") + " to " + part.get("maximum");
    }
    return part.has("minimum") ? " of at least " + part.get("minimum") : "";
  }

  private static String example(JsonNode part) {
    var example = part.path("examples").get(0);
    return example == null ? "" : ", for example " + flow(example);
  }

  private static List<String> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(SchemaWording::flow).toList();
  }

  /** A value as YAML writes it on one line. */
  static String flow(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "[" + String.join(", ", list(value)) + "]";
      case OBJECT ->
          value
              .propertyStream()
              .map(each -> each.getKey() + ": " + flow(each.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case STRING -> value.stringValue();
      default -> value.toString();
    };
  }
}
