// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a Chrome trace, which Perfetto opens; a microsecond there is a cycle here. A track is a
 * process; spans on one of its lines do not overlap, or lie in one another.
 */
public final class ChromeTrace implements AutoCloseable {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final JsonGenerator json;

  public ChromeTrace(String machine) {
    json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes);
    json.writeStartObject();
    json.writeStringProperty("displayTimeUnit", "ns");
    json.writeObjectPropertyStart("otherData");
    json.writeStringProperty("machine", machine);
    json.writeStringProperty("time", "1 us is 1 cycle");
    json.writeEndObject();
    json.writeArrayPropertyStart("traceEvents");
  }

  /** Names a track. */
  public void track(int track, String name) {
    json.writeStartObject();
    json.writeStringProperty("ph", "M");
    json.writeStringProperty("name", "process_name");
    json.writeNumberProperty("pid", track);
    json.writeObjectPropertyStart("args");
    json.writeStringProperty("name", name);
    json.writeEndObject();
    json.writeEndObject();
  }

  /**
   * A span of cycles.
   *
   * @param line of the track, from 0
   * @param cycle the first
   * @param details numbers that are shown with it, in their order
   */
  public void span(
      int track,
      int line,
      String name,
      String category,
      long cycle,
      long cycles,
      Map<String, Long> details) {
    json.writeStartObject();
    json.writeStringProperty("ph", "X");
    json.writeStringProperty("name", name);
    json.writeStringProperty("cat", category);
    json.writeNumberProperty("pid", track);
    json.writeNumberProperty("tid", line);
    json.writeNumberProperty("ts", cycle);
    json.writeNumberProperty("dur", cycles);
    json.writeObjectPropertyStart("args");
    details.forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeEndObject();
  }

  /** The values of a track's counter from a cycle on. */
  public void counter(int track, String name, long cycle, Map<String, Double> values) {
    json.writeStartObject();
    json.writeStringProperty("ph", "C");
    json.writeStringProperty("name", name);
    json.writeNumberProperty("pid", track);
    json.writeNumberProperty("ts", cycle);
    json.writeObjectPropertyStart("args");
    values.forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Ends the trace. */
  @Override
  public void close() {
    json.writeEndArray();
    json.writeEndObject();
    json.close();
  }

  /** The trace; it must have been ended. */
  public byte[] bytes() {
    return bytes.toByteArray();
  }
}
