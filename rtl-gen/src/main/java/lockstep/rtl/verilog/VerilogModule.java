// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.verilog;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lockstep.isa.Field;
import lockstep.isa.Format;

/**
 * One Verilog module as a file of its own.
 *
 * <p>Made from a template: the module's text as written in its unit's class, where
 *
 * <ul>
 *   <li>{@code @FAMILY@} is the word that the names of the family's modules begin with;
 *   <li>constants are used by name; those that occur become local parameters of the module;
 *   <li>a line {@code //FIELDS format word prefix_} becomes one wire for each field of the
 *       instruction format that the text uses with this prefix, cut out of the vector {@code word}.
 * </ul>
 *
 * @param name of the module, and of its file
 * @param text of the file, without a line that says where it comes from
 */
public record VerilogModule(String name, String text) {
  private static final Pattern NAME = Pattern.compile("\\A\\s*module (\\w+) \\(");
  private static final Pattern COMMENT = Pattern.compile("//.*");
  private static final Pattern WORD = Pattern.compile("\\b[A-Za-z]\\w*\\b");
  private static final Pattern FIELDS = Pattern.compile("(?m)^( *)//FIELDS (\\w+) (\\w+) (\\w+)\n");

  /** The name of its file. */
  public String fileName() {
    return name + ".sv";
  }

  /** The module of a template whose names are those of {@code constants}. */
  public static VerilogModule of(Constants constants, String unnamed) {
    String template = fill(unnamed, Map.of("FAMILY", constants.family()));
    Matcher m = NAME.matcher(template);
    if (!m.find()) {
      throw new IllegalArgumentException("no module header");
    }
    String body =
        FIELDS
            .matcher(template)
            .replaceAll(f -> Matcher.quoteReplacement(fields(constants, template, f)));
    Set<String> used = words(body);
    String declared =
        constants.constants().entrySet().stream()
            .filter(e -> used.contains(e.getKey()))
            .map(e -> "    localparam int " + e.getKey() + " = " + e.getValue())
            .collect(Collectors.joining(",\n"));
    String header = declared.isEmpty() ? "module %s (" : "module %s #(\n" + declared + "\n) (";
    return new VerilogModule(
        m.group(1), header.formatted(m.group(1)) + body.substring(body.indexOf('(') + 1));
  }

  /** The same module with one more parameter, set by each instance. */
  public VerilogModule withParameter(String parameter, int value) {
    String declaration = "    parameter int %s = %d".formatted(parameter, value);
    String header = "module " + name + " (";
    String changed =
        text.startsWith(header)
            ? "module %s #(\n%s\n) (".formatted(name, declaration) + text.substring(header.length())
            : text.replaceFirst("#\\(\n", "#(\n" + declaration + ",\n");
    return new VerilogModule(name, changed);
  }

  /** The text with {@code @NAME@} replaced by the values given. */
  public static String fill(String template, Map<String, String> values) {
    String text = template;
    for (Map.Entry<String, String> e : values.entrySet()) {
      text = text.replace("@" + e.getKey() + "@", e.getValue());
    }
    return text;
  }

  private static String fields(Constants constants, String template, MatchResult declaration) {
    String indent = declaration.group(1);
    Format format = constants.format(declaration.group(2));
    String word = declaration.group(3);
    String prefix = declaration.group(4);
    Set<String> used = words(template);
    StringBuilder text = new StringBuilder();
    for (Field f : format.fields()) {
      if (used.contains(prefix + f.name())) {
        text.append(
            "%swire %s[%d:0] %s%s = %s[%d:%d];\n"
                .formatted(
                    indent,
                    f.signed() ? "signed " : "",
                    f.bits() - 1,
                    prefix,
                    f.name(),
                    word,
                    f.msb(),
                    f.lsb()));
      }
    }
    return text.append("%swire unused_%s%s = &{1'b0, %s};\n".formatted(indent, prefix, word, word))
        .toString();
  }

  private static Set<String> words(String text) {
    Set<String> words = new LinkedHashSet<>();
    Matcher m = WORD.matcher(COMMENT.matcher(text).replaceAll(""));
    while (m.find()) {
      words.add(m.group());
    }
    return words;
  }
}
