// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.technology;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A technology table as Markdown: every figure with its unit, its source and its mark. */
public final class TechnologyPage {
  private TechnologyPage() {}

  public static String of(Technology t) {
    StringBuilder out = new StringBuilder();
    section(out, "Energy of an action", t.energy());
    section(out, "Area of a part", t.area());
    section(out, "Leakage of a part", t.leakage());
    section(out, "Off-chip memory", t.dram());
    memories(out, t);
    out.append("Not counted: ");
    out.append(t.notCounted().isEmpty() ? "nothing" : String.join("; ", t.notCounted()));
    return out.append(".\n").toString();
  }

  private static void section(StringBuilder out, String title, Map<String, Figure> figures) {
    if (figures.isEmpty()) {
      return;
    }
    String unit = figures.values().iterator().next().unit();
    out.append("| ")
        .append(title)
        .append(" | ")
        .append(unit)
        .append(" | source |\n|---|---|---|\n");
    figures.forEach(
        (name, f) ->
            out.append("| `%s` | %s | %s |\n".formatted(name, number(f.value()), f.provenance())));
    out.append('\n');
  }

  private static void memories(StringBuilder out, Technology t) {
    SramTable sram = t.sram();
    out.append("On-chip memory: ").append(sram.provenance()).append(".\n\n");
    out.append(
        "| bytes of a macro | read, %s | write, %s | leakage, mW | area, mm^2 |\n"
            .formatted(t.unit(), t.unit()));
    out.append("|---|---|---|---|---|\n");
    for (SramTable.Size s : sram.sizes()) {
      out.append(
          "| %d | %s | %s | %s | %s |\n"
              .formatted(
                  s.sizeBytes(),
                  number(s.readPj()),
                  number(s.writePj()),
                  number(s.leakageMw()),
                  number(s.areaMm2())));
    }
    out.append("\n| access bits | read | write | area |\n|---|---|---|---|\n");
    for (SramTable.Width w : sram.widths()) {
      out.append(
          "| %d | x %s | x %s | x %s |\n"
              .formatted(w.accessBits(), number(w.read()), number(w.write()), number(w.area())));
    }
    out.append(
        "\nA cell is %s by %s half pitches, another port makes it %s wider and %s higher: %s.\n\n"
            .formatted(
                number(sram.cell().width()),
                number(sram.cell().height()),
                number(sram.cell().port()),
                number(sram.cell().port()),
                sram.cell().source()));
  }

  private static String number(@Nullable Double value) {
    if (value == null) {
      return "-";
    }
    String text = String.format(Locale.ROOT, "%.6f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
