// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import lockstep.arch.UserError;
import lockstep.compiler.data.TensorFile;
import lockstep.compiler.graph.Graph;

/**
 * A folder of a model's inputs: files {@code input_0.npy}, {@code input_1.pb}, ... of one run; or
 * folders of such files, each a run; or, for a model with one input, any {@code .npy} and {@code
 * .pb} files, each one run or several of them one after the other. Runs are in the order of names.
 *
 * @param files for each run the name of its file or folder, without ending
 */
public record InputFolder(List<Map<String, float[]>> runs, List<String> files) {

  /**
   * @throws UserError if there are none, or they do not fit the model
   */
  public static InputFolder read(Graph graph, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UserError(folder + ": is no folder; give one with .npy or .pb files");
    }
    List<Map<String, float[]>> runs = new ArrayList<>();
    List<String> files = new ArrayList<>();
    List<Path> sets = new ArrayList<>(List.of(folder));
    sets.addAll(entries(folder).stream().filter(Files::isDirectory).toList());
    for (Path each : sets) {
      if (TensorFile.find(each, "input_0").isPresent()) {
        runs.add(set(graph, each));
        files.add(name(each));
      }
    }
    if (runs.isEmpty()) {
      single(graph, folder, runs, files);
    }
    return new InputFolder(List.copyOf(runs), List.copyOf(files));
  }

  private static Map<String, float[]> set(Graph graph, Path folder) {
    Map<String, float[]> run = new TreeMap<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      String input = graph.inputs().get(i);
      String file = "input_" + i;
      Path path =
          TensorFile.find(folder, file)
              .orElseThrow(
                  () ->
                      new UserError(
                          folder
                              + ": there is no "
                              + file
                              + ".npy or .pb for the model's input '"
                              + input
                              + "'"));
      float[] values = TensorFile.read(path).floats();
      if (values.length != graph.type(input).shape().elements()) {
        throw wrongSize(graph, input, path, values.length);
      }
      run.put(input, values);
    }
    return run;
  }

  private static void single(
      Graph graph, Path folder, List<Map<String, float[]>> runs, List<String> files) {
    for (Path path : entries(folder)) {
      if (!path.toString().endsWith(".npy") && !path.toString().endsWith(".pb")) {
        continue;
      }
      if (graph.inputs().size() != 1) {
        throw new UserError(
            folder
                + ": the model has "
                + graph.inputs().size()
                + " inputs; give each run a folder with input_0.npy, input_1.npy, ...");
      }
      String input = graph.inputs().getFirst();
      int elements = Math.toIntExact(graph.type(input).shape().elements());
      float[] values = TensorFile.read(path).floats();
      if (values.length == 0 || values.length % elements != 0) {
        throw wrongSize(graph, input, path, values.length);
      }
      for (int at = 0; at < values.length; at += elements) {
        runs.add(Map.of(input, Arrays.copyOfRange(values, at, at + elements)));
        files.add(name(path));
      }
    }
    if (runs.isEmpty()) {
      throw new UserError(folder + ": holds no .npy or .pb file, nor folders with input_0.npy");
    }
  }

  private static UserError wrongSize(Graph graph, String input, Path path, int length) {
    return new UserError(
        path
            + ": holds "
            + length
            + " numbers; input '"
            + input
            + "' takes "
            + graph.type(input).shape());
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new UserError(folder + ": cannot be read (" + e.getMessage() + "); check its rights");
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName())
        .replaceFirst("\\.(npy|pb)$", "");
  }
}
