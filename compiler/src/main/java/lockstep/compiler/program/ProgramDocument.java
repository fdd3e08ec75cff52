// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.program;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lockstep.arch.UserError;
import lockstep.isa.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code program.json} holds: everything of a {@link Program} but the bytes of its segments,
 * which lie one after the other in {@code image.bin}.
 */
record ProgramDocument(
    int format,
    String name,
    String specHash,
    Stream stream,
    int wordBytes,
    long base,
    int instructionCount,
    long memoryBytes,
    List<Extent> segments,
    List<Program.Region> regions,
    List<Program.LayerInfo> layers,
    int[] layerOf) {

  /** Version of the files' layout. */
  static final int FORMAT = 3;

  /** Addresses {@code address} to {@code address + bytes - 1}. */
  record Extent(long address, int bytes) {}

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  static ProgramDocument of(Program p) {
    return new ProgramDocument(
        FORMAT,
        p.name(),
        p.specHash(),
        p.stream(),
        p.wordBytes(),
        p.base(),
        p.instructionCount(),
        p.memoryBytes(),
        p.segments().stream().map(s -> new Extent(s.address(), s.bytes().length)).toList(),
        p.regions(),
        p.layers(),
        p.layerOf());
  }

  /** Reads the JSON text of {@code file} and checks that it makes sense by itself. */
  static ProgramDocument parse(byte[] json, String file) {
    ProgramDocument document;
    try {
      document = JSON.readValue(json, ProgramDocument.class);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String where = at == null ? file : file + ":" + at.getLineNr() + ":" + at.getColumnNr();
      throw new UserError("%s: %s".formatted(where, e.getOriginalMessage()));
    }
    document.check(file);
    return document;
  }

  byte[] json() {
    return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Length that {@code image.bin} must have. */
  long imageBytes() {
    return segments.stream().mapToLong(Extent::bytes).sum();
  }

  Program program(byte[] image) {
    List<Program.Segment> parts = new ArrayList<>();
    int at = 0;
    for (Extent e : segments) {
      parts.add(new Program.Segment(e.address(), Arrays.copyOfRange(image, at, at + e.bytes())));
      at += e.bytes();
    }
    return new Program(
        name,
        specHash,
        stream,
        wordBytes,
        base,
        instructionCount,
        List.copyOf(parts),
        memoryBytes,
        List.copyOf(regions),
        layerOf,
        List.copyOf(layers));
  }

  private void check(String file) {
    require(format == FORMAT, file, "format %d is not %d".formatted(format, FORMAT));
    require(
        wordBytes >= 8 && (Integer.bitCount(wordBytes) == 1 || stream == Stream.BUNDLES),
        file,
        "word_bytes %d is not a power of two from 8".formatted(wordBytes));
    require(base >= 0 && base % 4096 == 0, file, "base %d is no multiple of 4096".formatted(base));
    require(
        instructionCount > 0 && base + (long) instructionCount * stream.leastBytes() <= memoryBytes,
        file,
        "%d instructions from %d do not lie in %d bytes of memory"
            .formatted(instructionCount, base, memoryBytes));
    long free = 0;
    for (Extent e : segments) {
      require(
          e.address() >= free && e.bytes() >= 0 && e.address() <= memoryBytes - e.bytes(),
          file,
          "the segment at %d overlaps the one before it or leaves the memory"
              .formatted(e.address()));
      free = e.address() + e.bytes();
    }
    for (Program.Region r : regions) {
      require(
          r.address() >= 0 && r.bytes() >= 0 && r.address() <= memoryBytes - r.bytes(),
          file,
          "region %s leaves the memory".formatted(r.name()));
    }
    require(
        layerOf.length == instructionCount,
        file,
        "layer_of has %d entries for %d instructions".formatted(layerOf.length, instructionCount));
    for (int layer : layerOf) {
      require(
          layer >= 0 && layer < layers.size(),
          file,
          "layer_of names layer %d of %d".formatted(layer, layers.size()));
    }
  }

  private static void require(boolean holds, String file, String otherwise) {
    if (!holds) {
      throw new UserError(
          "%s: %s; write the program again with explore compile".formatted(file, otherwise));
    }
  }
}
