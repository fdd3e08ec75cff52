// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One YAML document as a tree, with the place of every value and every key.
 *
 * @param file path as the user gave it
 * @param tree the values; anchors, aliases and merge keys are already expanded
 * @param positions place of each value by its JSON pointer, and of each key by {@link #KEY} and the
 *     pointer of its value
 */
public record YamlDocument(String file, JsonNode tree, Map<String, Position> positions) {
  /** Prefix of a pointer that asks for the place of the key instead of that of the value. */
  public static final String KEY = "#";

  /**
   * Reads a file.
   *
   * @throws UserError when the file cannot be read, is not UTF-8, or is not one YAML document
   */
  public static YamlDocument read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": there is no such file; check the path");
    } catch (CharacterCodingException e) {
      throw new UserError(file + ": is not UTF-8 text; give a YAML file, saved as UTF-8");
    } catch (IOException e) {
      var why = Files.isDirectory(file) ? "is a folder; give a YAML file" : "cannot be read: " + e;
      throw new UserError(file + ": " + why);
    }
  }

  /**
   * Reads YAML text.
   *
   * @param file name to use in messages
   * @throws UserError when the text is not one YAML document
   */
  public static YamlDocument parse(String file, String text) {
    return new YamlComposer(file).document(text);
  }

  /** The place of the value at a pointer, or that of its nearest ancestor. */
  static Position nearest(Map<String, Position> positions, String pointer) {
    var path = pointer;
    while (true) {
      Position position = positions.get(path);
      if (position != null) {
        return position;
      }
      if (path.isEmpty()) {
        throw new IllegalArgumentException("no place for the root");
      }
      path = path.substring(0, path.lastIndexOf('/'));
    }
  }

  /** The pointer of a property, escaped as RFC 6901 says. */
  static String child(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }
}
