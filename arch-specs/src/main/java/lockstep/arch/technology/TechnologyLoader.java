// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.technology;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lockstep.arch.YamlDocument;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the tables in the resources {@code technology/*.yaml}. A figure is a value with its source,
 * or a sum over figures before it, which takes their sources and marks:
 *
 * <pre>
 *   int32_add: {value: 0.1, source: ..., recalled: true, derived: ...}
 *   mac:       {sum: {int8_multiply: 1, int32_add: 1}}
 * </pre>
 *
 * The tables are part of the product: a mistake in one is an {@link IllegalStateException}.
 */
final class TechnologyLoader {
  private static final String SHARED = "dram";
  private static final String DRAM = "dram_pj_per_bit";

  private TechnologyLoader() {}

  static Technology load(String name) {
    JsonNode table = tree(name);
    String unit = text(table, "unit");
    JsonNode dram = table.has(DRAM) ? table : tree(SHARED);
    List<String> notCounted = new ArrayList<>();
    required(table, "not_counted").forEach(each -> notCounted.add(each.stringValue()));
    return new Technology(
        text(table, "name"),
        unit,
        figures(table, "energy_pj", unit),
        figures(table, "area_um2", "um^2"),
        figures(table, "leakage_mw", "mW"),
        sram(required(table, "sram")),
        figures(dram, DRAM, unit + "/bit"),
        List.copyOf(notCounted));
  }

  private static JsonNode tree(String name) {
    String resource = "/lockstep/technology/" + name + ".yaml";
    try (InputStream in = TechnologyLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource " + resource + " is missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return YamlDocument.parse(name + ".yaml", text).tree();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Figure> figures(JsonNode table, String section, String unit) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : required(table, section).properties()) {
      JsonNode node = entry.getValue();
      Figure figure =
          node.has("sum")
              ? sum(node.get("sum"), figures, unit)
              : new Figure(
                  positive(node, "value"),
                  unit,
                  text(node, "source"),
                  node.path("recalled").asBoolean(false),
                  node.path("derived").asString(""));
      figures.put(entry.getKey(), figure);
    }
    return Collections.unmodifiableMap(figures);
  }

  private static Figure sum(JsonNode parts, Map<String, Figure> figures, String unit) {
    double value = 0;
    boolean recalled = false;
    Set<String> sources = new LinkedHashSet<>();
    List<String> terms = new ArrayList<>();
    for (Map.Entry<String, JsonNode> part : parts.properties()) {
      Figure figure = figures.get(part.getKey());
      if (figure == null) {
        throw new IllegalStateException("a sum names " + part.getKey() + " before it is given");
      }
      int count = part.getValue().intValue();
      value += count * figure.value();
      recalled |= figure.recalled();
      sources.add(figure.source());
      terms.add(count == 1 ? part.getKey() : count + " " + part.getKey());
    }
    return new Figure(value, unit, String.join("; ", sources), recalled, String.join(" + ", terms));
  }

  private static SramTable sram(JsonNode node) {
    List<SramTable.Size> sizes = new ArrayList<>();
    for (JsonNode row : required(node, "sizes")) {
      sizes.add(
          new SramTable.Size(
              required(row, "size_bytes").longValue(),
              optional(row, "read_pj"),
              optional(row, "write_pj"),
              optional(row, "leakage_mw"),
              optional(row, "area_mm2")));
    }
    List<SramTable.Width> widths = new ArrayList<>();
    for (JsonNode row : required(node, "widths")) {
      widths.add(
          new SramTable.Width(
              required(row, "access_bits").intValue(),
              positive(row, "read"),
              positive(row, "write"),
              positive(row, "area")));
    }
    return new SramTable(
        text(node, "source"),
        node.path("recalled").asBoolean(false),
        node.path("derived").asString(""),
        required(node, "macro_bits").intValue(),
        cell(required(node, "cell")),
        List.copyOf(sizes),
        List.copyOf(widths));
  }

  private static SramTable.Cell cell(JsonNode node) {
    return new SramTable.Cell(
        positive(node, "width"),
        positive(node, "height"),
        required(node, "port").doubleValue(),
        text(node, "source"));
  }

  private static @Nullable Double optional(JsonNode node, String key) {
    return node.has(key) ? Double.valueOf(required(node, key).doubleValue()) : null;
  }

  private static double positive(JsonNode node, String key) {
    double value = required(node, key).doubleValue();
    if (!(value > 0)) {
      throw new IllegalStateException(key + " is " + value + ", not above 0");
    }
    return value;
  }

  private static String text(JsonNode node, String key) {
    return required(node, key).stringValue();
  }

  private static JsonNode required(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null) {
      throw new IllegalStateException("a technology table lacks " + key);
    }
    return value;
  }
}
