// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Sums of products by a term such as {@code bhid,bhjd->bhij}: for every combination of the letters
 * of the result, the products of the operands' elements are summed over the other letters. An
 * ellipsis stands for dimensions that broadcast.
 */
final class Einsum implements Operator {
  static final Map<String, Operator> TABLE = Map.of("Einsum", new Einsum());

  private Einsum() {}

  /** Letters of each operand and of the result, ellipses written out as digits, and their sizes. */
  private record Term(List<String> operands, String result, Map<Character, Integer> sizes) {
    static Term of(Call call) {
      String[] sides = call.text("equation", "").replace(" ", "").split("->", -1);
      String[] asked = sides[0].split(",", -1);
      Call.requires(asked.length == call.inputs(), "equation of " + asked.length + " operands");
      int hidden = 0;
      for (int i = 0; i < asked.length; i++) {
        if (asked[i].contains("...")) {
          hidden = Math.max(hidden, call.rank(i) - asked[i].length() + 3);
        }
      }
      String digits = "0123456789".substring(0, hidden);
      Map<Character, Integer> sizes = new LinkedHashMap<>();
      Map<Character, Integer> uses = new TreeMap<>();
      List<String> operands = new ArrayList<>();
      for (int i = 0; i < asked.length; i++) {
        int own = asked[i].contains("...") ? call.rank(i) - asked[i].length() + 3 : 0;
        String letters = asked[i].replace("...", digits.substring(hidden - own));
        Call.requires(letters.length() == call.rank(i), asked[i] + " for " + call.shape(i));
        operands.add(letters);
        for (int d = 0; d < letters.length(); d++) {
          int size = call.shape(i).dim(d);
          uses.merge(letters.charAt(d), 1, Integer::sum);
          int known = sizes.merge(letters.charAt(d), size, (p, q) -> p == 1 ? q : p);
          Call.requires(known == size || size == 1, "sizes of '" + letters.charAt(d) + "' differ");
        }
      }
      String result = sides.length > 1 ? sides[1].replace("...", digits) : implied(digits, uses);
      result.chars().forEach(c -> Call.requires(sizes.containsKey((char) c), "unknown letter"));
      return new Term(operands, result, sizes);
    }

    /** Without an arrow: the letters that occur once, in alphabetical order. */
    private static String implied(String digits, Map<Character, Integer> uses) {
      StringBuilder once = new StringBuilder(digits);
      uses.forEach(
          (letter, count) -> {
            if (count == 1 && Character.isLetter(letter)) {
              once.append(letter);
            }
          });
      return once.toString();
    }

    Shape shape(String letters) {
      return Shape.of(letters.chars().map(c -> size((char) c)).toArray());
    }

    private int size(char letter) {
      return sizes.getOrDefault(letter, 1);
    }

    String summed() {
      StringBuilder letters = new StringBuilder();
      sizes.keySet().stream().filter(c -> result.indexOf(c) < 0).forEach(letters::append);
      return letters.toString();
    }
  }

  @Override
  public List<ValueType> types(Call call) {
    Term term = Term.of(call);
    return List.of(new ValueType(call.element(0), term.shape(term.result())));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Term term = Term.of(call);
    Shape shape = term.shape(term.result());
    int operands = call.inputs();
    float[][] values = new float[operands][];
    int[][] bases = new int[operands][];
    int[][] steps = new int[operands][];
    for (int i = 0; i < operands; i++) {
      values[i] = call.floats(i);
      bases[i] = walk(term, term.result(), term.operands().get(i), call.shape(i));
      steps[i] = walk(term, term.summed(), term.operands().get(i), call.shape(i));
    }
    float[] y = new float[(int) shape.elements()];
    Dense.forEach(
        y.length,
        steps[0].length,
        at -> {
          double sum = 0;
          for (int k = 0; k < steps[0].length; k++) {
            double product = 1;
            for (int i = 0; i < operands; i++) {
              product *= values[i][bases[i][at] + steps[i][k]];
            }
            sum += product;
          }
          y[at] = (float) sum;
        });
    return List.of(new Constant.Floats(shape, y));
  }

  /** Places in an operand for all combinations of some letters. */
  private static int[] walk(Term term, String letters, String operand, Shape shape) {
    int[] own = View.strides(shape);
    int[] strides = new int[letters.length()];
    for (int d = 0; d < own.length; d++) {
      int at = letters.indexOf(operand.charAt(d));
      if (at >= 0 && shape.dim(d) > 1) {
        strides[at] += own[d];
      }
    }
    return View.indices(term.shape(letters), strides, 0);
  }
}
