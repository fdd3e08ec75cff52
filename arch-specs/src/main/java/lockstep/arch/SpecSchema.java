// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema (2020-12) of one family's machine files: checks them, and knows the defaults. */
public final class SpecSchema {
  /** What the families' schemas have in common, as they refer to it. */
  private static final String SHARED = "common.schema.json";

  private static final Map<Family, SpecSchema> LOADED = new EnumMap<>(Family.class);

  private final JsonNode root;
  private final Schema schema;
  private final Map<String, JsonNode> referred = new ConcurrentHashMap<>();

  private SpecSchema(Family family) {
    this.root = whole(family);
    var config =
        SchemaRegistryConfig.builder().pathType(PathType.JSON_POINTER).cacheRefs(true).build();
    this.schema =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config))
            .getSchema(root);
  }

  /** The schema of a family, compiled once. */
  public static SpecSchema of(Family family) {
    synchronized (LOADED) {
      return LOADED.computeIfAbsent(family, SpecSchema::new);
    }
  }

  /** The schema as one text that refers to no other, as {@code explore schema} prints it. */
  public static String text(Family family) {
    return of(family).root.toPrettyString() + "\n";
  }

  /** A family's schema with the definitions that it shares with the other families'. */
  private static JsonNode whole(Family family) {
    var mapper = new ObjectMapper();
    var own = resource(family.word() + ".schema.json").replace(SHARED + "#/", "#/");
    var schema = (ObjectNode) mapper.readTree(own);
    var definitions = schema.withObjectProperty("$defs");
    mapper
        .readTree(resource(SHARED))
        .get("$defs")
        .properties()
        .forEach(each -> definitions.set(each.getKey(), each.getValue()));
    return schema.put("$id", "urn:lockstep:schema:" + family.word());
  }

  private static String resource(String name) {
    try (var stream = SpecSchema.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("not in the build: " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds every mistake of a machine's tree. */
  void check(ObjectNode machine, Mistakes mistakes) {
    var errors = schema.validate(machine);
    if (!errors.isEmpty()) {
      new SchemaWording(this, machine, mistakes).addAll(errors);
    }
  }

  /** Adds the schema's default for every key that the tree leaves out. */
  void fillDefaults(ObjectNode machine) {
    fill(machine, root);
  }

  private void fill(ObjectNode object, JsonNode schemaOfObject) {
    schemaOfObject
        .path("properties")
        .properties()
        .forEach(
            entry -> {
              JsonNode property = resolved(entry.getValue());
              JsonNode given = entry.getValue().path("default");
              JsonNode value = given.isMissingNode() ? property.path("default") : given;
              var key = entry.getKey();
              if (!object.has(key)) {
                if (!value.isMissingNode()) {
                  object.set(key, value.deepCopy());
                } else if (hasOnlyOptionalKeys(property)) {
                  object.putObject(key);
                }
              }
              if (object.get(key) instanceof ObjectNode inner) {
                fill(inner, property);
              }
            });
  }

  private static boolean hasOnlyOptionalKeys(JsonNode property) {
    return property.path("type").asString("").equals("object") && !property.has("required");
  }

  /** The part of the schema that describes the value at a pointer; null when there is none. */
  @Nullable JsonNode at(String pointer) {
    JsonNode part = root;
    for (var word : pointer.substring(Math.min(1, pointer.length())).split("/")) {
      if (word.isEmpty()) {
        return part;
      }
      var key = word.replace("~1", "/").replace("~0", "~");
      JsonNode next = part.path("properties").get(key);
      if (next == null && part.has("items")) {
        next = part.get("items");
      }
      if (next == null && part.path("additionalProperties").isObject()) {
        next = part.get("additionalProperties");
      }
      if (next == null) {
        return null;
      }
      part = resolved(next);
    }
    return part;
  }

  /** The part of the schema that describes the value at a pointer that the schema complained of. */
  JsonNode require(String pointer) {
    var part = at(pointer);
    if (part == null) {
      throw new IllegalStateException("the schema describes no value at " + pointer);
    }
    return part;
  }

  private JsonNode resolved(JsonNode part) {
    JsonNode reference = part.get("$ref");
    return reference == null
        ? part
        : referred.computeIfAbsent(reference.asString(), pointer -> root.at(pointer.substring(1)));
  }
}
