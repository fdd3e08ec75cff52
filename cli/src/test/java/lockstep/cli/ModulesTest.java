// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;
import lockstep.rtl.Generator;

/** The one-way arrows between the modules, and the independence of families and of models. */
@AnalyzeClasses(packages = "lockstep", importOptions = DoNotIncludeTests.class)
class ModulesTest {
  private static final List<String> FAMILIES = List.of("systolic", "vliw", "rvv", "crossbar");

  @ArchTest
  static final ArchRule arrowsGoOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("lockstep..")
          .withOptionalLayers(true)
          .layer("arch-specs")
          .definedBy("lockstep.arch..")
          .layer("isa-gen")
          .definedBy("lockstep.isa..")
          .layer("compiler")
          .definedBy("lockstep.compiler..")
          .layer("cycle-sim")
          .definedBy("lockstep.sim..")
          .layer("rtl-gen")
          .definedBy("lockstep.rtl..")
          .layer("backends")
          .definedBy("lockstep.backend..")
          .layer("sweeps")
          .definedBy("lockstep.sweep..")
          .layer("reports")
          .definedBy("lockstep.report..")
          .layer("cli")
          .definedBy("lockstep.cli..")
          .whereLayer("arch-specs")
          .mayNotAccessAnyLayer()
          .whereLayer("isa-gen")
          .mayOnlyAccessLayers("arch-specs")
          .whereLayer("compiler")
          .mayOnlyAccessLayers("isa-gen", "arch-specs")
          .whereLayer("cycle-sim")
          .mayOnlyAccessLayers("compiler", "isa-gen", "arch-specs")
          .whereLayer("rtl-gen")
          .mayOnlyAccessLayers("cycle-sim", "compiler", "isa-gen", "arch-specs")
          .whereLayer("backends")
          .mayOnlyAccessLayers("compiler", "isa-gen", "arch-specs")
          .whereLayer("sweeps")
          .mayOnlyBeAccessedByLayers("reports", "cli")
          .whereLayer("reports")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .ensureAllClassesAreContainedInArchitecture();

  @ArchTest
  static final ArchRule theSimulatorTakesOnlyPrograms =
      noClasses()
          .that()
          .resideInAPackage("lockstep.sim..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("lockstep.compiler..")
                  .and(not(resideInAPackage("lockstep.compiler.program.."))))
          .because("a simulator runs any program, whoever wrote it");

  @ArchTest
  static final ArchRule theVerilogIsNotMadeFromTheSimulator =
      noClasses()
          .that()
          .resideInAPackage("lockstep.rtl..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(packages("lockstep.sim.")))
          .allowEmptyShould(true)
          .because(
              "equality of simulator and Verilog proves something only if they are independent");

  @ArchTest static final ArchRule noFamilyKnowsAnother = noFamilyKnowsAnother();

  @ArchTest
  static final ArchRule whatFamiliesShareOfTheVerilogKnowsNone =
      noClasses()
          .that()
          .resideInAPackage("lockstep.rtl..")
          .and()
          .resideOutsideOfPackages(packages("lockstep.rtl."))
          .and()
          .doNotBelongToAnyOf(Generator.class)
          .should()
          .dependOnClassesThat(resideInAnyPackage(packages("lockstep.*.")))
          .because("a family is visited in one place, and what it alone knows it is asked for");

  @ArchTest
  static final ArchRule nativeLibrariesStayAtTheEdge =
      classes()
          .that()
          .resideInAPackage("lockstep..")
          .and()
          .resideOutsideOfPackages("lockstep.backend..", "lockstep.compiler.host..")
          .should()
          .onlyDependOnClassesThat(
              not(resideInAnyPackage("ai.onnxruntime..", "com.google.ortools..")))
          .because("the core is pure Java");

  private static String[] packages(String module) {
    return FAMILIES.stream().map(each -> module + each + "..").toArray(String[]::new);
  }

  private static ArchRule noFamilyKnowsAnother() {
    CompositeArchRule all = null;
    for (var family : FAMILIES) {
      var others =
          FAMILIES.stream()
              .filter(each -> !each.equals(family))
              .map(each -> "lockstep.*." + each + "..")
              .toArray(String[]::new);
      var rule =
          noClasses()
              .that()
              .resideInAPackage("lockstep.*." + family + "..")
              .should()
              .dependOnClassesThat(resideInAnyPackage(others))
              .allowEmptyShould(true);
      all = all == null ? CompositeArchRule.of(rule) : all.and(rule);
    }
    return all.because("what two families share lives beside them");
  }
}
