// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.util.List;
import java.util.Optional;

/** The verbs of {@code explore}, in the order of its help. */
final class Verbs {
  static final List<Verb> ALL =
      List.of(
          new Verb("sweep", "run the study in a machine file and write its report", Sweep::new),
          new Verb("run", "compile and simulate one model, layer by layer", RunModel::new),
          new Verb("compare", "simulated machines beside real ones", CompareModel::new),
          new Verb(
              "verify", "co-simulate the generated Verilog with the simulator", VerifyMachine::new),
          new Verb("rtl", "write a machine as Verilog", WriteRtl::new),
          new Verb("compile", "write a model's programs", CompileModel::new),
          new Verb("ablate", "what each pass of the compiler is worth", Ablate::new),
          new Verb("isa", "write a machine's instruction-set package", WriteIsa::new),
          new Verb("report", "render a study's report again", RenderReport::new),
          new Verb("zoo", "list the built-in models, or write one as ONNX", ShowZoo::new),
          new Verb("explain", "print the machine with every default filled in", Explain::new),
          new Verb("validate", "check machine files and say every mistake", Validate::new),
          new Verb("schema", "print the JSON Schema of machine files", PrintSchema::new),
          new Verb(
              "doctor", "list what is installed, what is missing, how to get it", Doctor::new));

  private Verbs() {}

  static Optional<Verb> named(String word) {
    return ALL.stream().filter(each -> each.name().equals(word)).findFirst();
  }
}
