// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.compiler.PreparedModel;
import org.jspecify.annotations.Nullable;

/**
 * What quality is measured on.
 *
 * @param runs by input name, one map a run
 * @param labels of every sample, in order; empty where there are none
 * @param words what they are, for reports
 */
public record QualityInputs(List<Map<String, float[]>> runs, List<Integer> labels, String words) {
  private static final int MOST_SEEDED = 8;

  public QualityInputs {
    runs = List.copyOf(runs);
    labels = List.copyOf(labels);
  }

  /**
   * Those of a folder; without one the calibration inputs that were given, else seeded ones, other
   * than those of the calibration.
   *
   * @param labels a file as {@link Labels} reads it
   * @throws lockstep.arch.UserError if files cannot be read or do not fit the model
   */
  public static QualityInputs of(
      PreparedModel.FloatModel model, @Nullable Path folder, @Nullable Path labels) {
    if (folder == null && labels != null) {
      throw new UserError("labels belong to inputs; give these, too, with --inputs FOLDER");
    }
    if (folder == null && !model.given().isEmpty()) {
      var runs = model.given();
      return new QualityInputs(runs, List.of(), "the " + runs.size() + " calibration inputs");
    }
    if (folder == null) {
      var runs = model.otherSeeded(MOST_SEEDED);
      return new QualityInputs(
          runs,
          List.of(),
          runs.size()
              + " seeded inputs other than those of the calibration (noise: no word on accuracy)");
    }
    InputFolder inputs = InputFolder.read(model.graph(), folder);
    List<Integer> read = labels == null ? List.of() : Labels.read(labels, inputs.files());
    return new QualityInputs(inputs.runs(), read, inputs.runs().size() + " inputs of " + folder);
  }
}
