// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.List;
import lockstep.arch.MappingEntry;
import lockstep.arch.NamePattern;
import lockstep.compiler.program.CompiledModel;

/** The rules of a machine's {@code mapping:} that no layer of a model matches. */
public final class UnmatchedRules {
  private UnmatchedRules() {}

  /** A note for each. */
  public static List<String> notes(
      List<? extends MappingEntry<?>> rules, String model, CompiledModel compiled) {
    return rules.stream()
        .filter(
            rule ->
                compiled.programs().stream()
                    .flatMap(program -> program.layers().stream())
                    .noneMatch(layer -> NamePattern.matches(rule.match(), layer.name())))
        .map(rule -> "mapping: no layer of " + model + " matches `" + rule.match() + "`")
        .toList();
  }
}
