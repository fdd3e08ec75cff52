// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static lockstep.compiler.zoo.GraphDraft.ints;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** Single ONNX operators of opset 17 with the shapes of their results. */
final class Operators {
  private final GraphDraft draft;

  Operators(GraphDraft draft) {
    this.draft = draft;
  }

  String add(String a, String b) {
    return binary("Add", a, b);
  }

  String sub(String a, String b) {
    return binary("Sub", a, b);
  }

  String mul(String a, String b) {
    return binary("Mul", a, b);
  }

  String div(String a, String b) {
    return binary("Div", a, b);
  }

  String pow(String a, String b) {
    return binary("Pow", a, b);
  }

  /** Erf, Neg, Sigmoid, Sqrt or Tanh. */
  String unary(String operator, String x) {
    return draft.add(operator, fresh(operator), List.of(x), Map.of(), draft.shape(x));
  }

  String softmax(String x) {
    Map<String, Attribute> last = Map.of("axis", new Attribute.Int(-1));
    return draft.add("Softmax", fresh("Softmax"), List.of(x), last, draft.shape(x));
  }

  /** Over the last dimension, which stays with size 1. */
  String reduceMean(String x) {
    Shape shape = draft.shape(x);
    return draft.add(
        "ReduceMean",
        fresh("ReduceMean"),
        List.of(x),
        Map.of("axes", ints(-1), "keepdims", new Attribute.Int(1)),
        shape.with(shape.rank() - 1, 1));
  }

  /** Of equal ranks, or with a matrix on the right. */
  String matMul(String a, String b) {
    Shape left = draft.shape(a);
    return draft.add(
        "MatMul",
        fresh("MatMul"),
        List.of(a, b),
        Map.of(),
        left.with(left.rank() - 1, draft.shape(b).dim(-1)));
  }

  String reshape(String x, int... dims) {
    String shape = draft.integers(Arrays.stream(dims).asLongStream().toArray());
    return draft.add("Reshape", fresh("Reshape"), List.of(x, shape), Map.of(), Shape.of(dims));
  }

  String transpose(String x, int... permutation) {
    return transposeAs(fresh("Transpose"), x, permutation);
  }

  /** A Transpose whose output has a name of its own. */
  String transposeAs(String output, String x, int... permutation) {
    return draft.add(
        "Transpose",
        output,
        List.of(x),
        Map.of("perm", ints(Arrays.stream(permutation).asLongStream().toArray())),
        draft.shape(x).permuted(Arrays.stream(permutation).boxed().toList()));
  }

  String concat(int axis, String... parts) {
    return concatAs(fresh("Concat"), axis, parts);
  }

  /** A Concat whose output has a name of its own. */
  String concatAs(String output, int axis, String... parts) {
    int sum = Arrays.stream(parts).mapToInt(part -> draft.shape(part).dim(axis)).sum();
    return draft.add(
        "Concat",
        output,
        List.of(parts),
        Map.of("axis", new Attribute.Int(axis)),
        draft.shape(parts[0]).with(axis, sum));
  }

  /** Elements {@code from} (inclusive) to {@code to} (exclusive) of a dimension. */
  String slice(String x, int axis, int from, int to) {
    return draft.add(
        "Slice",
        fresh("Slice"),
        List.of(x, draft.integers(from), draft.integers(to), draft.integers(axis)),
        Map.of(),
        draft.shape(x).with(axis, to - from));
  }

  /** Equal parts of a dimension. */
  List<String> split(String x, int axis, int parts) {
    int size = draft.shape(x).dim(axis) / parts;
    String first = fresh("Split");
    List<String> outputs = IntStream.range(0, parts).mapToObj(i -> first + "." + i).toList();
    ValueType type = ValueType.floats(draft.shape(x).with(axis, size));
    draft.add(
        "Split",
        List.of(x, draft.integers(LongStream.generate(() -> size).limit(parts).toArray())),
        Map.of("axis", new Attribute.Int(axis)),
        outputs.stream().collect(Collectors.toMap(output -> output, _ -> type)),
        outputs);
    return outputs;
  }

  /** One element of a dimension, which goes away. */
  String select(String x, int axis, int index) {
    String scalar =
        draft.constant(
            "index" + index,
            new Constant.Integers(ElementType.INT64, Shape.SCALAR, new long[] {index}));
    List<Integer> dims = new ArrayList<>(draft.shape(x).dims());
    dims.remove(axis);
    return draft.add(
        "Gather",
        fresh("Gather"),
        List.of(x, scalar),
        Map.of("axis", new Attribute.Int(axis)),
        new Shape(dims));
  }

  /** Rows of a matrix by their numbers. */
  String embedding(String table, String indices) {
    List<Integer> dims = new ArrayList<>(draft.shape(indices).dims());
    dims.add(draft.shape(table).dim(1));
    return draft.add("Gather", fresh("Gather"), List.of(table, indices), Map.of(), new Shape(dims));
  }

  String unsqueeze(String x, int axis) {
    List<Integer> dims = new ArrayList<>(draft.shape(x).dims());
    dims.add(axis, 1);
    return draft.add(
        "Unsqueeze",
        fresh("Unsqueeze"),
        List.of(x, draft.integers(axis)),
        Map.of(),
        new Shape(dims));
  }

  String expand(String x, int... dims) {
    String shape = draft.integers(Arrays.stream(dims).asLongStream().toArray());
    return draft.add("Expand", fresh("Expand"), List.of(x, shape), Map.of(), Shape.of(dims));
  }

  private String binary(String operator, String a, String b) {
    return draft.add(
        operator,
        fresh(operator),
        List.of(a, b),
        Map.of(),
        broadcast(draft.shape(a), draft.shape(b)));
  }

  private static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    return new Shape(
        IntStream.range(0, rank)
            .mapToObj(
                i -> {
                  int of = i - rank + a.rank() < 0 ? 1 : a.dim(i - rank + a.rank());
                  int other = i - rank + b.rank() < 0 ? 1 : b.dim(i - rank + b.rank());
                  return of == 1 ? other : of;
                })
            .toList());
  }

  private String fresh(String operator) {
    return draft.fresh(operator.toLowerCase(Locale.ROOT));
  }
}
