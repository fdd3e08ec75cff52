// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;

/** Collects cases; numbers are drawn from a seed. */
final class CaseList {
  private final List<OperatorCase> cases = new ArrayList<>();
  private final Random random;
  private int opset = 17;
  private int outputs = 1;
  private SortedMap<String, Attribute> attributes = new TreeMap<>();

  CaseList(long seed) {
    random = new Random(seed);
  }

  List<OperatorCase> all() {
    return cases;
  }

  /** The version for all following cases. */
  CaseList opset(int version) {
    opset = version;
    return this;
  }

  /** How many results the next case has. */
  CaseList outputs(int count) {
    outputs = count;
    return this;
  }

  /** An attribute of the next case. */
  CaseList with(String name, Object value) {
    attributes.put(
        name,
        switch (value) {
          case Integer i -> new Attribute.Int(i);
          case Double d -> new Attribute.Real(d.floatValue());
          case String s -> new Attribute.Text(s);
          case int[] v -> new Attribute.Ints(Arrays.stream(v).asLongStream().boxed().toList());
          case double[] v ->
              new Attribute.Reals(Arrays.stream(v).mapToObj(d -> (float) d).toList());
          case Constant c -> new Attribute.Tensor(c);
          default -> throw new IllegalArgumentException(name);
        });
    return this;
  }

  void of(String key, Constant... inputs) {
    int dot = key.lastIndexOf('.');
    Op.Foreign op =
        new Op.Foreign(key.substring(dot + 1), key.substring(0, Math.max(0, dot)), attributes);
    cases.add(new OperatorCase(op, opset, Arrays.asList(inputs), outputs));
    attributes = new TreeMap<>();
    outputs = 1;
  }

  int draw(int from, int to) {
    return random.nextInt(from, to + 1);
  }

  /** A shape of that rank with odd and even small sizes. */
  int[] dims(int rank) {
    int[] dims = new int[rank];
    Arrays.setAll(dims, _ -> draw(1, 5));
    return dims;
  }

  Constant floats(int... dims) {
    return between(-3, 3, dims);
  }

  Constant between(double from, double to, int... dims) {
    float[] values = new float[(int) Shape.of(dims).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(from, to);
    }
    return new Constant.Floats(Shape.of(dims), values);
  }

  static Constant floatsOf(int[] dims, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return new Constant.Floats(Shape.of(dims), floats);
  }

  static Constant scalar(double value) {
    return floatsOf(new int[0], value);
  }

  Constant integers(ElementType element, long from, long to, int... dims) {
    long[] values = new long[(int) Shape.of(dims).elements()];
    Arrays.setAll(values, _ -> random.nextLong(from, to + 1));
    return new Constant.Integers(element, Shape.of(dims), values);
  }

  Constant longs(long from, long to, int... dims) {
    return integers(ElementType.INT64, from, to, dims);
  }

  Constant truths(int... dims) {
    return integers(ElementType.BOOL, 0, 1, dims);
  }

  /** A vector of int64. */
  static Constant vector(long... values) {
    return new Constant.Integers(ElementType.INT64, Shape.of(values.length), values);
  }

  static Constant number(ElementType element, long value) {
    return new Constant.Integers(element, Shape.SCALAR, new long[] {value});
  }

  static Constant number(long value) {
    return number(ElementType.INT64, value);
  }

  static Constant sizes(int[] dims) {
    return vector(LongStream.of(Shape.of(dims).toLongs()).toArray());
  }
}
