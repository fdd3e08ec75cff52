// SPDX-License-Identifier: Apache-2.0
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lockstep.arch.SpecLoader;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Milliseconds that one variant of a machine takes, as a sweep makes them: a value changed, checked
 * and loaded; the mean of 2,000 after as many to warm up.
 *
 * <p>Argument: machine file. Prints the milliseconds.
 */
final class SpecVariants {
  private static final int VARIANTS = 2000;

  public static void main(String[] arguments) {
    var base = SpecLoader.load(Path.of(arguments[0]), List.of());
    long start = 0;
    for (int i = -VARIANTS; i < VARIANTS; i++) {
      if (i == 0) {
        start = System.nanoTime();
      }
      var rows = JsonNodeFactory.instance.numberNode(1 + Math.floorMod(i, 16));
      base.with(Map.of("array.rows", rows));
    }
    System.out.printf(Locale.ROOT, "%.3f%n", (System.nanoTime() - start) / 1e6 / VARIANTS);
  }
}
