// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.CalibrationInputs;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.PreparedModel;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.quality.Quality;
import lockstep.compiler.quality.QualityInputs;
import lockstep.compiler.quality.QualityReport;
import lockstep.compiler.zoo.Zoo;
import org.jspecify.annotations.Nullable;

/**
 * A model ready to be put on machines.
 *
 * @param name an identifier, fit for columns and folders
 * @param contents what its results come from, as one hash
 * @param source where it came from
 * @param pipeline the passes that it ran through, and what its mapping may decide
 * @param prepared the model before quantisation
 * @param model the model as its choices quantise it
 */
public record Workload(
    String name,
    ModelContents contents,
    ModelSource source,
    Pipeline pipeline,
    PreparedModel prepared,
    QuantisedModel model) {

  /**
   * Loads a model: reads, quantises, fuses.
   *
   * @param nameOrPath a name of the zoo, or the path of an .onnx or .csv file
   * @param folder what relative paths start from
   * @throws UserError when it cannot be read or compiled
   */
  public static Workload load(String nameOrPath, Path folder, Reading reading) {
    var place =
        Zoo.names().contains(nameOrPath) ? nameOrPath : folder.resolve(nameOrPath).toString();
    var source = ModelSource.of(place, reading.dimensions());
    var inputs = calibration(source, reading.calibration());
    var choices = reading.choices();
    var options = new QuantisationOptions(inputs, 0, reading.seed(), choices.quantisation());
    var prepared = ModelCompiler.prepare(source, options, reading.pipeline());
    return of(
        identifier(source.name()),
        new ModelContents(source, inputs, reading),
        source,
        prepared,
        choices);
  }

  private static Workload of(
      String name,
      ModelContents contents,
      ModelSource source,
      PreparedModel prepared,
      ModelChoices choices) {
    Pipeline passes = contents.pipeline().without(choices.without());
    PreparedModel rewritten = prepared.running(passes);
    return new Workload(
        name,
        contents,
        source,
        passes,
        rewritten,
        rewritten.quantised(choices.quantisation(), choices.capabilities()));
  }

  /** Hash of what the model's results come from, see {@link ModelContents}. */
  public String hash() {
    return contents.hash();
  }

  /** The same model as a machine wants it; what was left out when it was loaded stays out. */
  public Workload as(ModelChoices choices) {
    return of(name, contents, source, prepared, choices);
  }

  /**
   * How near the integers come to the float model.
   *
   * @param choices that it is quantised by
   * @param inputs a folder of inputs, see {@link QualityInputs}
   * @param labels a file of labels, one for each input
   * @throws UserError for a layer list, and if inputs or labels do not fit the model
   */
  public QualityReport quality(Quantisation choices, @Nullable Path inputs, @Nullable Path labels) {
    return switch (prepared) {
      case PreparedModel.LayerSizes _ ->
          throw new UserError(
              source.where() + ": is a layer list, which has no numbers to lose quality");
      case PreparedModel.FloatModel floats ->
          ModelCompiler.named(
              source,
              () ->
                  Quality.measure(
                      floats.graph(),
                      floats.quantised(choices),
                      choices,
                      QualityInputs.of(floats, inputs, labels)));
    };
  }

  /**
   * How models are read.
   *
   * @param dimensions sizes of dynamic dimensions by name
   * @param calibration folders of inputs to quantise float models on; empty for seeded ones
   * @param seed of seeded inputs
   * @param pipeline the passes to run, unless the choices leave them out
   * @param choices those of the machine
   */
  public record Reading(
      Map<String, Integer> dimensions,
      List<Path> calibration,
      long seed,
      Pipeline pipeline,
      ModelChoices choices) {
    /** The passes that run. */
    public Pipeline passes() {
      return pipeline.without(choices.without());
    }

    /** The same with other passes. */
    public Reading with(Pipeline passes) {
      return new Reading(dimensions, calibration, seed, passes, choices);
    }
  }

  private static List<Map<String, float[]>> calibration(ModelSource source, List<Path> folders) {
    if (folders.isEmpty()) {
      return List.of();
    }
    return switch (source) {
      case ModelSource.LayerList list ->
          throw new UserError(
              list.where() + ": is a layer list, which has no inputs; leave --calibrate out");
      case ModelSource.BuiltIn _, ModelSource.Onnx _, ModelSource.InMemory _, ModelSource.Text _ ->
          CalibrationInputs.read(ModelCompiler.read(source), folders);
    };
  }

  /** Loads several; names that meet are told apart by a number. */
  public static List<Workload> load(List<String> models, Path folder, Reading reading) {
    var loaded = new ArrayList<Workload>();
    var names = new HashSet<String>();
    for (String each : models) {
      var workload = load(each, folder, reading);
      var name = workload.name();
      for (int i = 2; !names.add(name); i++) {
        name = workload.name() + "_" + i;
      }
      loaded.add(
          new Workload(
              name,
              workload.contents(),
              workload.source(),
              workload.pipeline(),
              workload.prepared(),
              workload.model()));
    }
    return List.copyOf(loaded);
  }

  private static String identifier(String name) {
    var text = name.replaceAll("[^A-Za-z0-9_-]", "_");
    return text.isEmpty() ? "model" : text;
  }
}
