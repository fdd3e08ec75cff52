// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.util.List;
import lockstep.arch.MachineSpec;
import lockstep.arch.Mistakes;
import lockstep.arch.Spelling;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.passes.Pipeline;
import tools.jackson.databind.JsonNode;

/** The condition on {@code without:} that a machine's schema cannot say: there are such passes. */
public final class LeftOutPasses {
  private static final String KEY = "without";
  private static final String VALUES = "/sweep/parameters/" + KEY + "/values/";

  private LeftOutPasses() {}

  /**
   * Checks a machine's passes to leave out, and those that its study tries.
   *
   * @throws lockstep.arch.UserError with the place of every name that no pass has
   */
  public static void check(MachineSpec spec) {
    List<String> known = known(spec);
    var mistakes = new Mistakes(spec.positions());
    check(spec.machine().path(KEY), "/" + KEY, known, mistakes);
    spec.sweep()
        .map(each -> each.path("parameters").path(KEY).path("values"))
        .ifPresent(
            values -> {
              for (int i = 0; i < values.size(); i++) {
                check(values.get(i), VALUES + i, known, mistakes);
              }
            });
    mistakes.refuse();
  }

  private static List<String> known(MachineSpec spec) {
    return switch (spec.architecture()) {
      case SystolicArchitecture _ -> Pipeline.standard().leavable();
      case VliwArchitecture _ -> Pipeline.standard().names();
    };
  }

  private static void check(JsonNode names, String pointer, List<String> known, Mistakes mistakes) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).asString();
      if (!known.contains(name)) {
        String repair =
            Spelling.nearest(name, known)
                .map(each -> "did you mean `" + each + "`?")
                .orElse("explore compile --print-pipeline lists them");
        mistakes.at(pointer + "/" + i, "there is no pass `" + name + "`; " + repair);
      }
    }
  }
}
