// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.backend.CpuBackend;
import lockstep.sweep.ToolIdentity;
import lockstep.sweep.run.Workload;
import lockstep.sweep.study.Study;

/** What a report says about how its numbers came about. */
final class Environment {
  private Environment() {}

  static Map<String, String> of(Study study, List<Workload> workloads, int threads) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("tool", "Lockstep " + ToolIdentity.text());
    facts.put("written", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("seed", Long.toString(study.seed()));
    facts.put("trials side by side", Integer.toString(threads));
    for (Workload each : workloads) {
      facts.put(
          "model " + each.name(),
          "SHA-256 " + each.hash() + "; " + String.join("; ", each.model().notes()));
    }
    facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put(
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    facts.put(
        "processor",
        CpuBackend.processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
    for (Tool each : Tool.ALL) {
      if (each.purpose().contains("sweep")) {
        facts.put(each.name(), version(each));
      }
    }
    return facts;
  }

  static String version(Tool tool) {
    if (tool.find().isEmpty()) {
      return "not installed; apt-get install " + tool.aptPackage();
    }
    try {
      return tool.version();
    } catch (IOException e) {
      return "installed, but does not say its version: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "not asked: interrupted";
    }
  }
}
