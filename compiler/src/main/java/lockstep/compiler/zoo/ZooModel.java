// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Graph;

/**
 * A built-in model.
 *
 * @param description what it does and how large it is
 * @param source the paper or benchmark, and its year
 * @param dimensions the sizes that a user may choose, with those taken otherwise
 * @param builder makes the graph for a size of each dimension
 */
public record ZooModel(
    String name,
    String description,
    String source,
    SortedMap<String, Integer> dimensions,
    Function<Map<String, Integer>, Graph> builder) {

  /**
   * The graph with all operators in their ONNX form.
   *
   * @param sizes of dimensions by name; names that are none of {@link #dimensions} mean nothing, as
   *     with a file
   * @throws UserError for a size that the model cannot have
   */
  public Graph graph(Map<String, Integer> sizes) {
    SortedMap<String, Integer> all = new TreeMap<>(dimensions);
    all.replaceAll((dimension, size) -> sizes.getOrDefault(dimension, size));
    all.forEach(
        (dimension, size) -> {
          if (size < 1) {
            throw new UserError(name + ": " + dimension + "=" + size + "; give 1 or more");
          }
        });
    try {
      return builder.apply(all);
    } catch (IllegalArgumentException e) {
      throw new UserError(name + ": " + e.getMessage() + "; give a smaller size");
    }
  }
}
