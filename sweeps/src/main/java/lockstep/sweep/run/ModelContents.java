// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import lockstep.compiler.ModelSource;
import lockstep.compiler.passes.Pipeline;
import lockstep.sweep.trial.TrialId;
import org.jspecify.annotations.Nullable;

/**
 * What a model's results come from: the bytes of its files, the sizes given to its open dimensions,
 * the inputs it is calibrated on, the passes. A model of the zoo has to be written as a file for
 * that, so the hash is taken when it is first asked for; a study asks for it, a single run does
 * not. Fit for several threads.
 */
public final class ModelContents {
  private final ModelSource source;
  private final List<Map<String, float[]>> inputs;
  private final Workload.Reading reading;
  private @Nullable String hash;

  ModelContents(ModelSource source, List<Map<String, float[]>> inputs, Workload.Reading reading) {
    this.source = source;
    this.inputs = inputs;
    this.reading = reading;
  }

  /** The passes that it is loaded with. */
  Pipeline pipeline() {
    return reading.pipeline();
  }

  /**
   * SHA-256 of each file, hexadecimal, and what else there is, as text.
   *
   * @throws lockstep.arch.UserError if a file cannot be read
   */
  synchronized String hash() {
    if (hash == null) {
      hash =
          source.contents().stream().map(TrialId::hash).collect(Collectors.joining("+"))
              + sizes(reading.dimensions())
              + values(inputs)
              + passes(reading.pipeline());
    }
    return hash;
  }

  private static String sizes(Map<String, Integer> dimensions) {
    return dimensions.isEmpty() ? "" : " " + new TreeMap<>(dimensions);
  }

  private static String values(List<Map<String, float[]>> inputs) {
    var text = new StringBuilder();
    for (Map<String, float[]> run : inputs) {
      new TreeMap<>(run)
          .forEach((name, values) -> text.append(name).append(Arrays.toString(values)));
    }
    return inputs.isEmpty() ? "" : " " + TrialId.hash(text.toString().getBytes(UTF_8));
  }

  private static String passes(Pipeline pipeline) {
    var stripes = pipeline.depthFirst() ? "" : " without " + Pipeline.DEPTH_FIRST;
    return pipeline.names().equals(Pipeline.standard().names())
        ? stripes
        : " " + pipeline.names() + stripes;
  }
}
