// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lockstep.backend.Backend;
import lockstep.backend.Measurement;
import lockstep.compiler.network.Layer;
import lockstep.sweep.run.Workload;

/**
 * How long the host takes for the layers that the machine cannot do, measured on this computer by
 * ONNX Runtime with one thread: beside the machine's cycles, never in them.
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

  /** The times in lines, with how they were taken. */
  static List<String> lines(List<HostTime> times) {
    if (times.isEmpty()) {
      return List.of("nothing runs on the host");
    }
    List<String> lines = new ArrayList<>(times.stream().map(HostTime::text).toList());
    lines.add(
        String.format(
            Locale.ROOT,
            "the host's layers together: %.4g ms (%s)",
            total(times),
            times.getFirst().how()));
    return lines;
  }

  static double total(List<HostTime> times) {
    return times.stream().mapToDouble(HostTime::medianMs).sum();
  }
}
