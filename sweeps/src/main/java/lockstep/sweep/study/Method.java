// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lockstep.arch.UserError;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import tools.jackson.databind.JsonNode;

/** How the points of a study are drawn. The same study and seed give the same points. */
public enum Method {
  /** Every combination of the listed values, the last parameter varying fastest. */
  GRID,
  /** Independent draws. */
  RANDOM,
  /** The Sobol sequence of Joe and Kuo, each dimension digitally shifted by the seed. */
  SOBOL;

  private static final int SOBOL_BITS = 52;
  private static final int DRAWS_PER_POINT = 64;

  /** The word that a machine file uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The points of a study, each once.
   *
   * @param cap most points; the drawing methods stop early when a small space yields no new ones
   * @throws UserError when a grid has a parameter without listed values
   */
  public List<Point> points(List<Parameter> parameters, int cap, long seed) {
    return switch (this) {
      case GRID -> grid(parameters, cap);
      case RANDOM -> {
        var random = new SplittableRandom(seed);
        yield distinct(
            parameters, cap, Stream.generate(() -> random.doubles(parameters.size()).toArray()));
      }
      case SOBOL -> {
        var sequence = new SobolSequenceGenerator(parameters.size());
        long[] shift =
            new SplittableRandom(seed).longs(parameters.size(), 0, 1L << SOBOL_BITS).toArray();
        yield distinct(
            parameters, cap, Stream.generate(() -> shifted(sequence.nextVector(), shift)));
      }
    };
  }

  private static double[] shifted(double[] vector, long[] shift) {
    double[] result = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      long bits = (long) Math.scalb(vector[i], SOBOL_BITS);
      result[i] = Math.scalb((double) (bits ^ shift[i]), -SOBOL_BITS);
    }
    return result;
  }

  private static List<Point> distinct(
      List<Parameter> parameters, int cap, Stream<double[]> positions) {
    var points = new LinkedHashSet<Point>();
    positions
        .limit((long) cap * DRAWS_PER_POINT)
        .takeWhile(each -> points.size() < cap)
        .forEach(each -> points.add(point(parameters, each)));
    return List.copyOf(points);
  }

  private static Point point(List<Parameter> parameters, double[] position) {
    var values = new LinkedHashMap<String, JsonNode>();
    for (int i = 0; i < position.length; i++) {
      values.put(parameters.get(i).path(), parameters.get(i).domain().at(position[i]));
    }
    return new Point(values);
  }

  private static List<Point> grid(List<Parameter> parameters, int cap) {
    List<List<JsonNode>> values = new ArrayList<>();
    for (Parameter each : parameters) {
      switch (each.domain()) {
        case Parameter.Values listed -> values.add(listed.values());
        case Parameter.Range range ->
            throw new UserError(
                "parameter "
                    + each.path()
                    + ": method grid needs values: [..]; list them, or choose random or sobol");
      }
    }
    var points = new ArrayList<Point>();
    int[] digit = new int[parameters.size()];
    while (points.size() < cap) {
      var point = new LinkedHashMap<String, JsonNode>();
      for (int i = 0; i < digit.length; i++) {
        point.put(parameters.get(i).path(), values.get(i).get(digit[i]));
      }
      points.add(new Point(point));
      int i = digit.length - 1;
      while (i >= 0 && ++digit[i] == values.get(i).size()) {
        digit[i--] = 0;
      }
      if (i < 0) {
        break;
      }
    }
    return List.copyOf(points);
  }
}
