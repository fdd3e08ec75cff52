// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lockstep.arch.MachineSpec;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.compiler.zoo.Zoo;
import lockstep.sweep.store.AtomicFile;
import lockstep.sweep.study.Point;
import lockstep.sweep.study.Study;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A study as its folder keeps it, so that results can be read without the models: {@code
 * spec.resolved.yaml} with the study block, and in {@code study.json} the ids of its trials.
 */
public final class StudyFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SPEC = "spec.resolved.yaml";
  private static final String IDS = "study.json";

  private StudyFile() {}

  /**
   * Writes machine, study and trials.
   *
   * @param specFolder what the models' relative paths start from
   */
  public static void write(
      Path folder, MachineSpec spec, Study study, Path specFolder, List<Candidate> candidates) {
    var block = (ObjectNode) spec.sweep().orElseThrow().deepCopy();
    block.put("name", study.name());
    block.put("seed", study.seed());
    var models = block.putArray("models");
    for (String each : study.models()) {
      models.add(model(each, folder, specFolder));
    }
    AtomicFile.write(
        folder.resolve(SPEC),
        spec.resolvedYaml() + "sweep: " + JSON.writeValueAsString(block) + "\n");
    var file = JSON.createObjectNode();
    file.put("tool", ToolIdentity.text());
    var trials = file.putArray("trials");
    candidates.forEach(each -> trials.add(each.id()));
    AtomicFile.write(folder.resolve(IDS), JSON.writeValueAsString(file) + "\n");
  }

  private static String model(String name, Path folder, Path specFolder) {
    return Zoo.names().contains(name)
        ? name
        : folder
            .toAbsolutePath()
            .normalize()
            .relativize(specFolder.resolve(name).toAbsolutePath().normalize())
            .toString();
  }

  /** A study and its trials. */
  public record Stored(Study study, List<Candidate> candidates) {}

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws UserError when the folder is not that of a study
   */
  public static Stored read(Path folder) {
    if (!Files.isRegularFile(folder.resolve(IDS))) {
      throw new UserError(
          folder
              + ": is not the folder of a study (it has no "
              + IDS
              + "); give one that explore"
              + " sweep made");
    }
    var spec = SpecLoader.load(folder.resolve(SPEC), List.of());
    var sweep =
        spec.sweep()
            .orElseThrow(() -> new UserError(folder.resolve(SPEC) + ": has no study; sweep again"));
    var study = Study.of(sweep, spec.architecture().name());
    try {
      JsonNode ids = JSON.readTree(Files.readString(folder.resolve(IDS))).path("trials");
      var candidates = new ArrayList<Candidate>();
      for (Point each : study.points()) {
        int index = candidates.size();
        candidates.add(new Candidate(index, each, ids.path(index).asString("")));
      }
      return new Stored(study, List.copyOf(candidates));
    } catch (IOException | JacksonException e) {
      throw new UserError(folder.resolve(IDS) + ": cannot be read: " + e.getMessage());
    }
  }
}
