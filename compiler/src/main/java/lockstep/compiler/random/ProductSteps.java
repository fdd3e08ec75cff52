// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Shape;

/** Matrix products with weights and of two activations. */
final class ProductSteps {
  static final List<RandomGraph.Step> ALL =
      List.of(
          ProductSteps::dense,
          ProductSteps::dense,
          ProductSteps::denseFromLeft,
          ProductSteps::stacked,
          ProductSteps::gemm,
          ProductSteps::gemm,
          ProductSteps::ofActivations,
          ProductSteps::ofActivations,
          ProductSteps::gram,
          ProductSteps::einsum);

  private ProductSteps() {}

  private static String anyRank(Draft draft) {
    return draft.value(s -> s.rank() >= 2);
  }

  /** A MatMul with weights, and now and then a bias before or after it. */
  private static void dense(Draft draft) {
    dense(draft, anyRank(draft), draft.upTo(draft.largest));
  }

  static String dense(Draft draft, String x, int outputs) {
    int inputs = draft.shape(x).dim(-1);
    String w = draft.weights(inputs, inputs, outputs);
    String product = draft.add("MatMul", Attributes.NONE, x, w);
    if (draft.once(3)) {
      return product;
    }
    String bias = draft.floats(-0.3, 0.3, outputs);
    return draft.random.nextBoolean()
        ? draft.add("Add", Attributes.NONE, product, bias)
        : draft.add("Add", Attributes.NONE, bias, product);
  }

  private static void denseFromLeft(Draft draft) {
    String x = anyRank(draft);
    int inputs = draft.shape(x).dim(-2);
    String w = draft.weights(inputs, draft.upTo(draft.largest), inputs);
    draft.add("MatMul", Attributes.NONE, w, x);
  }

  /** Other weights for each matrix of a stack. */
  private static void stacked(Draft draft) {
    String x = draft.value(s -> s.rank() >= 3);
    Shape shape = draft.shape(x);
    int[] dims = shape.dims().stream().mapToInt(Integer::intValue).toArray();
    dims[dims.length - 2] = shape.dim(-1);
    dims[dims.length - 1] = draft.upTo(draft.largest / 2);
    String w = draft.weights(shape.dim(-1), dims);
    draft.add("MatMul", Attributes.NONE, x, w);
  }

  private static void gemm(Draft draft) {
    String x = draft.ranked(2);
    boolean transA = draft.once(5);
    boolean transB = draft.random.nextBoolean();
    int inputs = draft.shape(x).dim(transA ? 0 : 1);
    int rows = draft.shape(x).dim(transA ? 1 : 0);
    int outputs = draft.upTo(2 * draft.largest);
    String w =
        transB ? draft.weights(inputs, outputs, inputs) : draft.weights(inputs, inputs, outputs);
    Map<String, Attribute> attributes = new Attributes().map();
    if (transA) {
      attributes.put("transA", new Attribute.Int(1));
    }
    if (transB) {
      attributes.put("transB", new Attribute.Int(1));
    }
    if (draft.once(4)) {
      attributes.put("alpha", new Attribute.Real(0.75f));
      attributes.put("beta", new Attribute.Real(1.5f));
    }
    switch (draft.random.nextInt(5)) {
      case 0 -> draft.add("Gemm", attributes, x, w);
      case 1 -> draft.add("Gemm", attributes, x, w, draft.floats(-0.3, 0.3, rows, 1));
      case 2 -> draft.add("Gemm", attributes, x, w, draft.floats(-0.3, 0.3, rows, outputs));
      default -> draft.add("Gemm", attributes, x, w, draft.floats(-0.3, 0.3, outputs));
    }
  }

  /** Two values that fit as they are, or after a reshape of the second. */
  private static void ofActivations(Draft draft) {
    String a = anyRank(draft);
    Shape left = draft.shape(a);
    int inner = left.dim(-1);
    String b =
        draft.value(
            s -> s.rank() >= 2 && s.elements() % (inner * left.product(0, left.rank() - 2)) == 0);
    List<Integer> dims = new ArrayList<>(left.dims().subList(0, left.rank() - 2));
    dims.add(inner);
    dims.add((int) (draft.shape(b).elements() / inner / left.product(0, left.rank() - 2)));
    int[] wanted = dims.stream().mapToInt(Integer::intValue).toArray();
    String right = draft.shape(b).equals(Shape.of(wanted)) ? b : draft.reshape(b, wanted);
    scaled(draft, draft.add("MatMul", Attributes.NONE, a, right), inner);
  }

  /** A value by itself, transposed. */
  private static void gram(Draft draft) {
    String x = anyRank(draft);
    int rank = draft.shape(x).rank();
    String turned = draft.add("Transpose", swapped(rank).map(), x);
    String product = draft.add("MatMul", Attributes.NONE, x, turned);
    scaled(draft, product, draft.shape(x).dim(-1));
  }

  static Attributes swapped(int rank) {
    int[] permutation = new int[rank];
    Arrays.setAll(permutation, i -> i);
    permutation[rank - 2] = rank - 1;
    permutation[rank - 1] = rank - 2;
    return Attributes.of("perm", permutation);
  }

  private static void scaled(Draft draft, String product, int inner) {
    if (draft.random.nextBoolean()) {
      draft.add("Div", Attributes.NONE, product, draft.number(Math.sqrt(inner)));
    } else if (draft.random.nextBoolean()) {
      draft.add("Mul", Attributes.NONE, product, draft.number(1 / Math.sqrt(inner)));
    }
  }

  private static void einsum(Draft draft) {
    String x = draft.ranked(3);
    int inner = draft.shape(x).dim(2);
    if (draft.random.nextBoolean()) {
      String w = draft.weights(inner, inner, draft.upTo(draft.largest));
      draft.add("Einsum", Attributes.text("equation", "bij,jk->bik"), x, w);
    } else {
      scaled(draft, draft.add("Einsum", Attributes.text("equation", "bid,bjd->bij"), x, x), inner);
    }
  }
}
