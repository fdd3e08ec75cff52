// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Data of tensors that are kept in files beside the model: {@code location} relative to the model's
 * folder and within it, {@code offset} and {@code length} in bytes, as onnx.proto3 defines them.
 *
 * @param folder the model's; null where a tensor must hold its own data
 */
record ExternalData(@Nullable Path folder) {
  static final ExternalData NONE = new ExternalData(null);

  /**
   * The tensor's bytes.
   *
   * @param what the tensor's name for messages
   * @throws UserError for a place outside of the folder, a file that is not there, and a part that
   *     the file does not have
   */
  ByteBuffer of(TensorProto tensor, String what) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    String location = entries.getOrDefault("location", "");
    Path file = file(location, what);
    long offset = number(entries, "offset", 0, what);
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      long length = number(entries, "length", Math.max(0, size - offset), what);
      if (offset > size || length > size - offset || length > Integer.MAX_VALUE) {
        throw new UserError(
            "tensor '"
                + what
                + "' is said to be "
                + length
                + " bytes at "
                + offset
                + " of '"
                + location
                + "', which has "
                + size
                + " bytes; export or download both files again");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) length);
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
        continue;
      }
      return bytes.flip();
    } catch (IOException e) {
      throw new UserError(
          "tensor '" + what + "' keeps its data in '" + location + "': " + FileFailure.words(e));
    }
  }

  /** The files that a graph's tensors are kept in, those of its sub-graphs too, each once. */
  Set<Path> files(GraphProto graph) {
    Set<Path> files = new TreeSet<>();
    graph.getInitializerList().forEach(t -> add(t, files));
    for (NodeProto node : graph.getNodeList()) {
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasT()) {
          add(attribute.getT(), files);
        }
        if (attribute.hasG()) {
          files.addAll(files(attribute.getG()));
        }
      }
    }
    return files;
  }

  private void add(TensorProto tensor, Set<Path> files) {
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      if (entry.getKey().equals("location")) {
        files.add(file(entry.getValue(), tensor.getName()));
      }
    }
  }

  private Path file(String location, String what) {
    if (folder == null) {
      throw new UserError(
          "tensor '" + what + "' keeps its data in another file; save it as one file");
    }
    try {
      Path relative = Path.of(location).normalize();
      Path file = folder.resolve(relative).normalize();
      boolean inside =
          !location.isEmpty()
              && !relative.isAbsolute()
              && !relative.startsWith("..")
              && file.startsWith(folder)
              && !file.equals(folder);
      if (inside && real(file).startsWith(real(folder))) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw outside(location, what);
    }
    throw outside(location, what);
  }

  /** Links resolved where the file is there. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }

  private static UserError outside(String location, String what) {
    return new UserError(
        "tensor '"
            + what
            + "' keeps its data in '"
            + location
            + "', which is no file in the model's folder; save the data beside the model");
  }

  private static long number(Map<String, String> entries, String key, long otherwise, String what) {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new UserError("tensor '" + what + "' has the " + key + " '" + text + "'; export again");
    }
    return Long.parseLong(text);
  }
}
