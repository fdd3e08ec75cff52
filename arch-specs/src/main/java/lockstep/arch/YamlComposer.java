// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import static lockstep.arch.YamlDocument.KEY;
import static lockstep.arch.YamlDocument.child;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Turns YAML text into a tree and the places of its parts. Strict: duplicate keys, keys that are
 * not text, several documents, tags outside the core schema and infinite numbers are refused.
 * Aliases are expanded, up to {@value #MAX_NODES} values in all; the composer has already put
 * {@code <<} merges in their place.
 */
final class YamlComposer {
  private static final int MAX_NODES = 100_000;
  private static final int MAX_COLLECTION_ALIASES = 100;
  private static final int MAX_CODE_POINTS = 4 << 20;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String file;
  private final Map<String, Position> positions = new HashMap<>();
  private final List<Node> open = new ArrayList<>();
  private int nodes;

  YamlComposer(String file) {
    this.file = file;
  }

  YamlDocument document(String text) {
    var settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setUseMarks(true)
            .setAllowDuplicateKeys(false)
            .setAllowNonScalarKeys(true)
            .setMaxAliasesForCollections(MAX_COLLECTION_ALIASES)
            .setCodePointLimit(MAX_CODE_POINTS)
            .build();
    try {
      var composer =
          new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)));
      if (!composer.hasNext()) {
        throw mistake(new Position(file, 1, 1), "the document is empty; describe a machine in it");
      }
      var tree = value(composer.next(), "");
      if (composer.hasNext()) {
        throw mistake(
            position(composer.next()), "a second document starts here; keep one document a file");
      }
      return new YamlDocument(file, tree, Map.copyOf(positions));
    } catch (MarkedYamlEngineException e) {
      var mark = e.getProblemMark().or(e::getContextMark);
      var what = e.getProblem() == null ? e.getContext() : e.getProblem();
      throw mistake(
          mark.map(this::position).orElse(Position.of(file)),
          "is not valid YAML: " + what + "; check indentation, brackets and quotes here");
    } catch (YamlEngineException e) {
      throw mistake(Position.of(file), "is not valid YAML: " + e.getMessage());
    } catch (StackOverflowError e) {
      throw mistake(
          Position.of(file), "is nested too deeply; a machine needs three levels, remove the rest");
    }
  }

  private JsonNode value(Node node, String pointer) {
    positions.put(pointer, position(node));
    if (++nodes > MAX_NODES) {
      throw mistake(
          position(node), "more than " + MAX_NODES + " values; use fewer aliases (*name)");
    }
    if (open.contains(node)) {
      throw mistake(position(node), "an alias contains itself; write the value out");
    }
    open.add(node);
    try {
      return switch (node) {
        case ScalarNode scalar -> scalar(scalar);
        case SequenceNode sequence -> {
          var array = JSON.arrayNode();
          for (Node element : sequence.getValue()) {
            array.add(value(element, pointer + "/" + array.size()));
          }
          yield array;
        }
        case MappingNode mapping -> {
          var object = JSON.objectNode();
          entries(mapping)
              .forEach(
                  (key, tuple) -> {
                    var path = child(pointer, key);
                    positions.put(KEY + path, position(tuple.getKeyNode()));
                    object.set(key, value(tuple.getValueNode(), path));
                  });
          yield object;
        }
        default -> throw new IllegalStateException("unexpected node " + node.getNodeType());
      };
    } finally {
      open.removeLast();
    }
  }

  private Map<String, NodeTuple> entries(MappingNode mapping) {
    var entries = new LinkedHashMap<String, NodeTuple>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw mistake(position(tuple.getKeyNode()), "a key must be a word; remove the brackets");
      }
      if (entries.put(key.getValue(), tuple) != null) {
        throw mistake(
            position(key), "the key `" + key.getValue() + "` is there twice; remove one of them");
      }
    }
    return entries;
  }

  private JsonNode scalar(ScalarNode scalar) {
    var text = scalar.getValue();
    var tag = scalar.getTag();
    if (tag.equals(Tag.STR)) {
      return JSON.stringNode(text);
    } else if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    } else if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(text.equalsIgnoreCase("true"));
    } else if (tag.equals(Tag.INT)) {
      return integer(text);
    } else if (tag.equals(Tag.FLOAT)) {
      return decimal(text, scalar);
    }
    throw mistake(
        position(scalar), "the tag " + tag + " is not known here; write the value without a tag");
  }

  private static JsonNode integer(String text) {
    var digits = text.startsWith("+") ? text.substring(1) : text;
    BigInteger number;
    if (digits.startsWith("0x")) {
      number = new BigInteger(digits.substring(2), 16);
    } else if (digits.startsWith("0o")) {
      number = new BigInteger(digits.substring(2), 8);
    } else {
      number = new BigInteger(digits);
    }
    if (number.bitLength() > 63) {
      return JSON.numberNode(number);
    }
    long value = number.longValue();
    return value == (int) value ? JSON.numberNode((int) value) : JSON.numberNode(value);
  }

  private JsonNode decimal(String text, ScalarNode scalar) {
    if (text.endsWith("inf") || text.endsWith("nan") || text.length() > 100) {
      throw mistake(position(scalar), "`" + text + "` is not a finite number; write digits");
    }
    double value = new BigDecimal(text).doubleValue();
    if (Double.isInfinite(value)) {
      throw mistake(position(scalar), "`" + text + "` is too large; write a smaller number");
    }
    return JSON.numberNode(value);
  }

  private Position position(Node node) {
    return node.getStartMark().map(this::position).orElse(Position.of(file));
  }

  private Position position(Mark mark) {
    return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static UserError mistake(Position position, String message) {
    return new UserError(position + ": " + message);
  }
}
