// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.design;

import java.util.List;
import lockstep.sweep.run.ModelRun;

/**
 * A design of the front in detail.
 *
 * @param index of its trial in the study
 * @param trial id of its trial
 * @param machine the resolved machine as YAML
 * @param runs one for each model of the study
 * @param area square micrometres by component
 */
public record Design(
    int index, String trial, String machine, List<ModelRun> runs, List<ModelRun.Part> area) {
  public double areaMm2() {
    return area.stream().mapToDouble(ModelRun.Part::value).sum() * 1e-6;
  }
}
