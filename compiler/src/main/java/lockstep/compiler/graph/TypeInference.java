// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.network.Window;
import org.jspecify.annotations.Nullable;

/** The type of an operator's output from those of its inputs. */
public final class TypeInference {
  private TypeInference() {}

  /**
   * @param shapeInput the constant first input of a {@link Op.ConstantOfShape}, else ignored
   * @throws IllegalArgumentException if the inputs do not fit together; the message says how
   */
  public static ValueType infer(Op op, List<ValueType> inputs, @Nullable Constant shapeInput) {
    Shape x = inputs.getFirst().shape();
    ElementType element = inputs.getFirst().element();
    return switch (op) {
      case Op.Conv conv -> ValueType.floats(convolution(conv, x, inputs.get(1).shape()));
      case Op.Linear _ -> {
        Shape w = inputs.get(1).shape();
        require(x.dim(-1) == w.dim(0), "a value " + x + " times weights " + w);
        yield ValueType.floats(x.with(x.rank() - 1, w.dim(1)));
      }
      case Op.Gemm gemm -> {
        Shape b = inputs.get(1).shape();
        require(x.rank() == 2 && b.rank() == 2, "Gemm of " + x + " and " + b);
        int inner = x.dim(gemm.transA() ? 0 : 1);
        require(inner == b.dim(gemm.transB() ? 1 : 0), "Gemm of " + x + " and " + b);
        yield ValueType.floats(x.dim(gemm.transA() ? 1 : 0), b.dim(gemm.transB() ? 0 : 1));
      }
      case Op.MatMul _ -> ValueType.floats(matrixProduct(x, inputs.get(1).shape()));
      case Op.Product _ -> {
        Shape y = inputs.get(1).shape();
        require(
            x.rank() == 3 && y.rank() == 3 && x.dim(0) == y.dim(0) && x.dim(1) == y.dim(2),
            "Product of " + x + " and " + y);
        yield ValueType.floats(x.dim(0), y.dim(1), x.dim(2));
      }
      case Op.Add _ -> {
        Shape sum = x;
        for (ValueType other : inputs) {
          sum = broadcast(sum, other.shape());
        }
        yield new ValueType(element, sum);
      }
      case Op.Mul _ -> new ValueType(element, broadcast(x, inputs.get(1).shape()));
      case Op.MaxPool pool -> ValueType.floats(pooled(x, pool.window()));
      case Op.AveragePool pool -> ValueType.floats(pooled(x, pool.window()));
      case Op.Concat concat -> {
        int sum = inputs.stream().mapToInt(t -> t.shape().dim(concat.axis())).sum();
        for (ValueType other : inputs) {
          require(
              other.shape().rank() == x.rank()
                  && other.shape().with(concat.axis(), 0).equals(x.with(concat.axis(), 0)),
              "Concat of " + x + " and " + other.shape());
        }
        yield new ValueType(element, x.with(concat.axis(), sum));
      }
      case Op.Pad pad -> {
        List<Integer> dims = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
          dims.add(x.dim(i) + pad.begins().get(i) + pad.ends().get(i));
        }
        yield new ValueType(element, new Shape(dims));
      }
      case Op.Reshape reshape -> {
        require(
            reshape.shape().elements() == x.elements(),
            "Reshape of " + x + " to " + reshape.shape());
        yield new ValueType(element, reshape.shape());
      }
      case Op.Transpose transpose -> new ValueType(element, x.permuted(transpose.permutation()));
      case Op.ConstantOfShape _ -> {
        if (!(shapeInput instanceof Constant.Integers dims)) {
          throw new IllegalArgumentException("ConstantOfShape of a shape that is not constant");
        }
        yield ValueType.floats(Shape.of(dims.values()));
      }
      case Op.Quantise _ ->
          new ValueType(
              inputs.size() > 2 ? inputs.get(2).element() : ElementType.UINT8,
              inputs.getFirst().shape());
      case Op.Affine _, Op.BatchNormalization _, Op.Activate _, Op.Identity _ -> inputs.getFirst();
      case Op.Dequantise _ -> ValueType.floats(x);
      case Op.Foreign foreign ->
          throw new IllegalArgumentException("the type of " + foreign.type() + " is not inferred");
    };
  }

  /** ONNX's (NumPy's) multidirectional broadcasting. */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int p = i < rank - a.rank() ? 1 : a.dim(i - rank + a.rank());
      int q = i < rank - b.rank() ? 1 : b.dim(i - rank + b.rank());
      require(p == q || p == 1 || q == 1, "cannot broadcast " + a + " with " + b);
      dims.add(p == 1 ? q : p);
    }
    return new Shape(dims);
  }

  private static Shape convolution(Op.Conv conv, Shape x, Shape w) {
    require(
        w.rank() == x.rank()
            && x.dim(1) == w.dim(1) * conv.groups()
            && w.dim(0) % conv.groups() == 0,
        "Conv of " + x + " with weights " + w + " in " + conv.groups() + " groups");
    Shape plain = windowed(x, conv.window()).with(1, w.dim(0));
    return conv.pool() == null ? plain : windowed(plain, conv.pool());
  }

  private static Shape pooled(Shape x, Window window) {
    return windowed(x, window);
  }

  private static Shape windowed(Shape x, Window window) {
    require(x.rank() == 3 || x.rank() == 4, "an image operator on a value " + x);
    int h = x.rank() == 4 ? x.dim(2) : 1;
    int outH = window.outH(h);
    int outW = window.outW(x.dim(-1));
    require(outH > 0 && outW > 0, "a window larger than its padded input " + x);
    return x.rank() == 4
        ? Shape.of(x.dim(0), x.dim(1), outH, outW)
        : Shape.of(x.dim(0), x.dim(1), outW);
  }

  private static Shape matrixProduct(Shape a, Shape b) {
    Shape left = a.rank() == 1 ? Shape.of(1, a.dim(0)) : a;
    Shape right = b.rank() == 1 ? Shape.of(b.dim(0), 1) : b;
    require(left.dim(-1) == right.dim(-2), "MatMul of " + a + " and " + b);
    List<Integer> dims =
        new ArrayList<>(
            broadcast(
                    new Shape(left.dims().subList(0, left.rank() - 2)),
                    new Shape(right.dims().subList(0, right.rank() - 2)))
                .dims());
    if (a.rank() > 1) {
      dims.add(left.dim(-2));
    }
    if (b.rank() > 1) {
      dims.add(right.dim(-1));
    }
    return new Shape(dims);
  }

  private static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new IllegalArgumentException(complaint + " does not fit");
    }
  }
}
