// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.onnx.OnnxReader;
import lockstep.compiler.text.DataPool;
import lockstep.compiler.text.GraphText;
import lockstep.compiler.zoo.Zoo;

/** Where a model comes from; its bytes are read when they are needed and not kept. */
public sealed interface ModelSource {
  /** Endings of model files. */
  Set<String> KINDS = Set.of("onnx", "csv", "ir");

  /** Short name for reports. */
  String name();

  /** The path, or the name of a built-in model, for messages. */
  String where();

  /**
   * The model's file contents; a built-in model's is its ONNX file.
   *
   * @throws UserError if the file cannot be read
   */
  byte[] bytes();

  /** Files beside the model's own that hold a part of it. */
  default Set<Path> dataFiles() {
    return Set.of();
  }

  /**
   * All that the model is made of: its own file, then the others.
   *
   * @throws UserError if a file cannot be read
   */
  default List<byte[]> contents() {
    List<byte[]> all = new ArrayList<>(List.of(bytes()));
    dataFiles().forEach(file -> all.add(contents(file)));
    return all;
  }

  /**
   * A model of {@link Zoo}.
   *
   * @param dims sizes of its dimensions, see {@link lockstep.compiler.zoo.ZooModel#graph}
   */
  record BuiltIn(String name, Map<String, Integer> dims) implements ModelSource {
    public BuiltIn {
      dims = Map.copyOf(dims);
    }

    @Override
    public String where() {
      return name;
    }

    @Override
    public byte[] bytes() {
      return Zoo.model(name, dims);
    }
  }

  /**
   * An ONNX file.
   *
   * @param dims sizes of dynamic dimensions, see {@link lockstep.compiler.onnx.OnnxReader#read}
   */
  record Onnx(String name, Path path, Map<String, Integer> dims) implements ModelSource {
    public Onnx {
      dims = Map.copyOf(dims);
    }

    @Override
    public String where() {
      return path.toString();
    }

    @Override
    public byte[] bytes() {
      return ModelSource.contents(path);
    }

    @Override
    public Set<Path> dataFiles() {
      return OnnxReader.dataFiles(bytes(), path);
    }
  }

  /** An ONNX model that is in no file, without external data and with all sizes known. */
  record InMemory(String name, byte[] bytes) implements ModelSource {
    @Override
    public String where() {
      return name;
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof InMemory m && name.equals(m.name) && Arrays.equals(bytes, m.bytes);
    }

    @Override
    public int hashCode() {
      return 31 * name.hashCode() + Arrays.hashCode(bytes);
    }
  }

  /** A SCALE-Sim layer list. */
  record LayerList(String name, Path path) implements ModelSource {
    @Override
    public String where() {
      return path.toString();
    }

    @Override
    public byte[] bytes() {
      return ModelSource.contents(path);
    }
  }

  /** A graph as text, {@link GraphText}, its long arrays in a file beside it. */
  record Text(String name, Path path) implements ModelSource {
    /** Where the arrays of a text are. */
    public static Path data(Path text) {
      return text.resolveSibling(text.getFileName() + ".data");
    }

    @Override
    public String where() {
      return path.toString();
    }

    @Override
    public byte[] bytes() {
      return ModelSource.contents(path);
    }

    @Override
    public Set<Path> dataFiles() {
      return Files.exists(data(path)) ? Set.of(data(path)) : Set.of();
    }

    /**
     * The graph.
     *
     * @throws UserError if a file cannot be read or the text is no graph
     */
    public Graph graph() {
      Path data = data(path);
      DataPool pool = Files.exists(data) ? DataPool.read(data) : new DataPool();
      return GraphText.parse(where(), new String(bytes(), StandardCharsets.UTF_8), pool);
    }
  }

  /**
   * A built-in model's name, an .onnx file, a graph as text (.ir), or a .csv topology.
   *
   * @param dims sizes of dynamic dimensions
   * @throws UserError if there is no such model
   */
  static ModelSource of(String nameOrPath, Map<String, Integer> dims) {
    if (Zoo.names().contains(nameOrPath)) {
      return new BuiltIn(nameOrPath, dims);
    }
    String kind = nameOrPath.substring(nameOrPath.lastIndexOf('.') + 1);
    if (!KINDS.contains(kind)) {
      throw new UserError(
          nameOrPath
              + ": neither a built-in model ("
              + String.join(", ", Zoo.names())
              + ") nor an .onnx file, nor a graph as text (.ir), nor a .csv topology");
    }
    Path path = path(nameOrPath);
    if (!Files.isRegularFile(path)) {
      throw new UserError(nameOrPath + ": there is no such file; give the path of a model");
    }
    String name = shortName(path);
    return switch (kind) {
      case "csv" -> new LayerList(name, path);
      case "ir" -> new Text(name, path);
      default -> new Onnx(name, path, dims);
    };
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new UserError(text + ": not a path (" + e.getReason() + ")");
    }
  }

  private static byte[] contents(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UserError(path + ": cannot be read (" + e.getMessage() + "); check its rights");
    }
  }

  /** The file's name, or its folder's where every model is called model.onnx. */
  private static String shortName(Path path) {
    String file = String.valueOf(path.getFileName()).replaceFirst("\\.(onnx|csv|ir)$", "");
    Path folder = path.toAbsolutePath().normalize().getParent();
    return file.equals("model") && folder != null && folder.getFileName() != null
        ? folder.getFileName().toString()
        : file;
  }
}
