// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lockstep.arch.UserError;
import org.jspecify.annotations.Nullable;

/**
 * A file of labels, the index of the right class of each sample: either one number a line, in the
 * order of the inputs, or {@code file,label} lines, the file with or without its ending. Empty
 * lines, lines that begin with {@code #} and a first line {@code file,label} are passed over.
 */
final class Labels {
  private static final Pattern LINE =
      Pattern.compile("(?:(.*?)(?:\\.npy|\\.pb)?\\s*,)?\\s*(\\d{1,9})");
  private static final String HEADER = "file,label";

  private Labels() {}

  /**
   * @param files the runs' files, for labels by name
   * @throws UserError if a line is neither, or a file has no label
   */
  static List<Integer> read(Path file, List<String> files) {
    List<Integer> inOrder = new ArrayList<>();
    Map<String, Integer> byName = new HashMap<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#") || (number == 1 && text.equals(HEADER))) {
        continue;
      }
      Matcher matcher = LINE.matcher(text);
      if (!matcher.matches()) {
        throw new UserError(
            file + ":" + number + ":1: is neither a label nor file,label; write for example 3");
      }
      int label = Integer.parseInt(matcher.group(2));
      @Nullable String name = matcher.group(1);
      if (name == null) {
        inOrder.add(label);
      } else if (byName.put(name.strip(), label) != null) {
        throw new UserError(file + ":" + number + ":1: " + name + " has a label already");
      }
    }
    if (byName.isEmpty()) {
      return inOrder;
    }
    if (!inOrder.isEmpty()) {
      throw new UserError(file + ": some labels have a file and some have none; write one form");
    }
    return files.stream().map(each -> label(file, byName, each)).toList();
  }

  private static int label(Path file, Map<String, Integer> byName, String name) {
    Integer label = byName.get(name);
    if (label == null) {
      throw new UserError(file + ": has no label for " + name + "; add a line " + name + ",LABEL");
    }
    return label;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read as text (" + e.getMessage() + ")");
    }
  }
}
