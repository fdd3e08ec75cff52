// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.technology;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an on-chip memory costs, by size and access width.
 *
 * <pre>
 *   bank of S bytes, w bits wide  =  n macros side by side, n = ceil(w / macroBits),
 *                                    each of S/n bytes and w/n bits; an access is one of each
 *   macro                         =  figure of its size at the narrowest width
 *                                    x factor of its width over the narrowest
 * </pre>
 *
 * Between two sizes or widths a straight line through their logarithms; leakage by a straight line.
 * Below the smallest size its figure holds (leakage shrinks with the size); above the largest, and
 * beyond the widths given, the last line goes on.
 *
 * @param cell how a bit grows with the ports of its memory
 * @param sizes by increasing size; a figure that the source does not give is null
 * @param widths by increasing width, the first with factors of 1
 */
public record SramTable(
    String source,
    boolean recalled,
    String derivation,
    int macroBits,
    Cell cell,
    List<Size> sizes,
    List<Width> widths) {

  /**
   * What holds a bit, in half pitches, where the memory has the ports that the table is of.
   *
   * @param port by how much another port makes it wider, and higher
   */
  public record Cell(double width, double height, double port, String source) {
    /** By how much its area grows with {@code more} ports. */
    double growth(int more) {
      return (width + more * port) * (height + more * port) / (width * height);
    }
  }

  /** Figures of one size at the narrowest width. */
  public record Size(
      long sizeBytes,
      @Nullable Double readPj,
      @Nullable Double writePj,
      @Nullable Double leakageMw,
      @Nullable Double areaMm2) {}

  /** Factors of one width over the narrowest. */
  public record Width(int accessBits, double read, double write, double area) {}

  /**
   * One bank.
   *
   * @param macros macros side by side
   * @param leakageMw null if the table has no leakage
   */
  public record Bank(
      int macros, double readPj, double writePj, @Nullable Double leakageMw, double areaMm2) {

    /**
     * Energy of a write of some bytes of a row of {@code widthBytes}: the macros touched, whole.
     */
    public double writePj(int widthBytes, int bytes) {
      double macroBytes = (double) widthBytes / macros;
      double touched = Math.ceil(bytes / macroBytes);
      return writePj / macros * Math.min(macros, touched);
    }
  }

  /**
   * Cost of a bank with more ports than the table's memories have: the area grows as that of a cell
   * does, the energy of an access and the leakage as its side.
   */
  public Bank bank(long bytes, int bits, int morePorts) {
    Bank bank = bank(bytes, bits);
    double area = cell.growth(morePorts);
    double side = Math.sqrt(area);
    Double leakage = bank.leakageMw();
    return new Bank(
        bank.macros(),
        side * bank.readPj(),
        side * bank.writePj(),
        leakage == null ? null : side * leakage,
        area * bank.areaMm2());
  }

  /** Cost of a bank of {@code bytes} with accesses of {@code bits}. */
  public Bank bank(long bytes, int bits) {
    int macros = Math.max(1, Math.ceilDiv(bits, macroBits));
    double size = (double) bytes / macros;
    double width = (double) bits / macros;
    double read = logarithmic(size, Size::readPj) * factor(width, Width::read);
    double write = logarithmic(size, Size::writePj) * factor(width, Width::write);
    double area = logarithmic(size, Size::areaMm2) * factor(width, Width::area);
    Double leakage = leakage(size);
    return new Bank(
        macros,
        macros * read,
        macros * write,
        leakage == null ? null : macros * leakage,
        macros * area);
  }

  /** The source with its derivation and mark, as {@link Figure#provenance}. */
  public String provenance() {
    return new Figure(0, "pJ", source, recalled, derivation).provenance();
  }

  private double logarithmic(double bytes, Function<Size, @Nullable Double> column) {
    double[][] points = points(column);
    if (points.length == 0) {
      throw new IllegalStateException("a memory table without read, write or area");
    }
    double x = Math.max(bytes, points[0][0]);
    for (double[] p : points) {
      p[0] = Math.log(p[0]);
      p[1] = Math.log(p[1]);
    }
    return Math.exp(line(points, Math.log(x)));
  }

  private double factor(double bits, Function<Width, Double> column) {
    double[][] points =
        widths.stream()
            .map(w -> new double[] {Math.log(w.accessBits()), Math.log(column.apply(w))})
            .toArray(double[][]::new);
    return Math.exp(line(points, Math.log(bits)));
  }

  private @Nullable Double leakage(double bytes) {
    double[][] points = points(Size::leakageMw);
    if (points.length == 0) {
      return null;
    }
    double[] first = points[0];
    double[] last = points[points.length - 1];
    if (bytes <= first[0]) {
      return first[1] * bytes / first[0];
    }
    return bytes >= last[0] ? last[1] * bytes / last[0] : line(points, bytes);
  }

  private double[][] points(Function<Size, @Nullable Double> column) {
    return sizes.stream()
        .filter(s -> column.apply(s) != null)
        .map(s -> new double[] {s.sizeBytes(), number(column.apply(s))})
        .toArray(double[][]::new);
  }

  private static double number(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  /** The value at {@code x} of the broken line through {@code points}, going on at both ends. */
  private static double line(double[][] points, double x) {
    if (points.length == 1) {
      return points[0][1];
    }
    int i = 1;
    while (i < points.length - 1 && x > points[i][0]) {
      i++;
    }
    double[] a = points[i - 1];
    double[] b = points[i];
    return a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
  }
}
