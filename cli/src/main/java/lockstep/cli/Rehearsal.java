// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * Runs help, a good file, a bad one and a small network while the build watches which classes they
 * load: the AOT cache made from that lets later starts answer in a fraction of the time. Started by
 * the launcher with the folder of the machine files, never by a user.
 */
public final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] arguments) {
    var folder = arguments[0];
    var silent = new PrintWriter(Writer.nullWriter());
    for (var verb : Verbs.ALL) {
      Explore.run(silent, silent, verb.name(), "--help");
      Explore.run(silent, silent, verb.name(), "--no-such-option");
    }
    Explore.run(silent, silent, "--help");
    Explore.run(silent, silent, "vaildate");
    Explore.run(silent, silent, "validate", folder + "/systolic.yaml", "no-such-file.yaml");
    Explore.run(silent, silent, "validate", folder + "/systolic.yaml", "--set", "array.rows=0");
    Explore.run(silent, silent, "explain", folder + "/systolic.yaml");
    Explore.run(silent, silent, "schema");
    for (var form : Form.values()) {
      var machine = folder + "/gemmini-16x16.yaml";
      Explore.run(silent, silent, "run", "resnet8", "--spec", machine, "--format", form.name());
    }
  }
}
