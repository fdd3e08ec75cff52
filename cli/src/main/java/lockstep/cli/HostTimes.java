// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import lockstep.backend.Backend;
import lockstep.backend.Measurement;
import lockstep.compiler.network.Layer;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Workload;

/**
 * How long the host takes for the layers that the machine cannot do and that ONNX Runtime does in
 * floats, measured on this computer with one thread: beside the machine's cycles, never in them.
 * Layers too wide for the machine, which the host does in the integers of the reference
 * interpreter, have no time.
 */
final class HostTimes {
  private static final int THREADS = 1;
  private static final int WARM_UP = 2;
  private static final int RUNS = 11;

  private HostTimes() {}

  /** A layer on the host: why it is there, and its median time here. */
  record HostTime(String layer, String reason, double medianMs, String how) {
    String text() {
      return String.format(
          Locale.ROOT,
          "on the host: %s (%s), %.4g ms measured here, in no cycle count",
          layer,
          reason,
          medianMs);
    }
  }

  static List<HostTime> measure(Workload workload, long seed) {
    List<HostTime> times = new ArrayList<>();
    for (Layer each : workload.model().network().layers()) {
      if (each instanceof Layer.Host host) {
        Measurement m =
            Backend.CPU.measure(
                "host layer " + host.name(), host.model(), 1, seed, THREADS, WARM_UP, RUNS);
        times.add(
            new HostTime(
                host.name(),
                host.reason(),
                m.medianMs(),
                String.format(
                    "%s on %s, %d thread, median of %d runs",
                    m.software(), m.hardware(), m.threads(), m.runs())));
      }
    }
    return times;
  }

  /** All layers of the host in lines, with their times where there are any. */
  static List<String> lines(List<HostTime> times, List<ModelRun.HostStep> host) {
    if (host.isEmpty()) {
      return List.of("nothing runs on the host");
    }
    var measured = times.stream().collect(Collectors.toMap(HostTime::layer, HostTime::text));
    List<String> lines = new ArrayList<>();
    for (ModelRun.HostStep each : host) {
      lines.add(measured.getOrDefault(each.layer(), integers(each)));
    }
    if (!times.isEmpty()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "the host's layers%s together: %.4g ms (%s)",
              times.size() < host.size() ? " in floats" : "",
              total(times),
              times.getFirst().how()));
    }
    return lines;
  }

  private static String integers(ModelRun.HostStep step) {
    return "on the host: %s (%s), in integers, in no cycle count"
        .formatted(step.layer(), step.reason());
  }

  static double total(List<HostTime> times) {
    return times.stream().mapToDouble(HostTime::medianMs).sum();
  }
}
