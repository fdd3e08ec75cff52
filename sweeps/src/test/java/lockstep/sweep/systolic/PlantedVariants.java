// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Verilog that holds a machine and all of its planted faults: one build serves them all.
 *
 * <pre>
 * module      its text, and once more with each fault, side by side on the same inputs
 *             outputs are those of the fault whose number a run reads; else of the text
 * </pre>
 */
final class PlantedVariants {
  private static final String PACKAGE = "lockstep_planted";
  private static final Pattern PORT =
      Pattern.compile("^ +(input|output) logic (.*?)(\\w+),?$", Pattern.MULTILINE);
  private static final Pattern PARAMETER =
      Pattern.compile("^ +parameter int (\\w+) = ", Pattern.MULTILINE);

  private PlantedVariants() {}

  /**
   * @param top name of the machine's outermost module
   * @param faults whose numbers are their places, from 1 on
   * @param number the file from which a run reads the number of its fault; 0 for none
   */
  static Map<String, String> of(
      Map<String, String> verilog, String top, List<PlantedFault> faults, Path number) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(PACKAGE + ".sv", "package %s;\n  int fault;\nendpackage\n".formatted(PACKAGE));
    all.putAll(verilog);
    Map<String, List<Integer>> byFile = new LinkedHashMap<>();
    for (int i = 0; i < faults.size(); i++) {
      byFile.computeIfAbsent(faults.get(i).file(), _ -> new ArrayList<>()).add(i + 1);
    }
    byFile.forEach(
        (file, numbers) -> {
          String text = verilog.get(file);
          String name = file.replace(".sv", "");
          all.put(name + "_0.sv", renamed(text, name, 0));
          for (int k : numbers) {
            String faulty = faults.get(k - 1).plant(verilog).get(file);
            all.put("%s_%d.sv".formatted(name, k), renamed(faulty, name, k));
          }
          all.put(file, choice(text, name, numbers));
        });
    all.computeIfPresent(
        top + ".sv", (name, text) -> text.replace("endmodule", reader(number) + "endmodule"));
    return all;
  }

  private static String renamed(String text, String module, int number) {
    String from = "module " + module + " ";
    if (!text.contains(from)) {
      throw new IllegalStateException("no module " + module);
    }
    return text.replace(from, "module %s_%d ".formatted(module, number));
  }

  private static String choice(String text, String module, List<Integer> numbers) {
    String header = text.substring(0, text.indexOf("\n);") + 4);
    List<String> ports = new ArrayList<>();
    Map<String, String> outputs = new LinkedHashMap<>();
    for (Matcher port = PORT.matcher(header); port.find(); ) {
      ports.add(port.group(3));
      if (port.group(1).equals("output")) {
        outputs.put(port.group(3), port.group(2));
      }
    }
    List<String> parameters = new ArrayList<>();
    for (Matcher each = PARAMETER.matcher(header); each.find(); ) {
      parameters.add(".%1$s(%1$s)".formatted(each.group(1)));
    }
    List<Integer> variants = new ArrayList<>(List.of(0));
    variants.addAll(numbers);
    StringBuilder body = new StringBuilder(header);
    for (int k : variants) {
      outputs.forEach((name, type) -> body.append("  logic %s%s_%d;\n".formatted(type, name, k)));
      String passed = parameters.isEmpty() ? "" : "#(" + String.join(", ", parameters) + ") ";
      String connected =
          ports.stream()
              .map(p -> ".%s(%s)".formatted(p, outputs.containsKey(p) ? p + "_" + k : p))
              .collect(Collectors.joining(", "));
      body.append("  %s_%d %svariant_%d (%s);\n".formatted(module, k, passed, k, connected));
    }
    for (String name : outputs.keySet()) {
      StringBuilder chosen = new StringBuilder();
      for (int k : numbers) {
        chosen.append("%s::fault == %d ? %s_%d : ".formatted(PACKAGE, k, name, k));
      }
      body.append("  assign %s = %s%s_0;\n".formatted(name, chosen, name));
    }
    return body + "endmodule\n";
  }

  private static String reader(Path number) {
    return """
      initial begin
        int file;
        int read;
        file = $fopen("%s", "r");
        read = $fscanf(file, "%%d", %s::fault);
        if (read != 1) $fatal;
        $fclose(file);
      end
    """
        .formatted(number, PACKAGE);
  }
}
