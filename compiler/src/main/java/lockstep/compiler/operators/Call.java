// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * One use of an {@link Operator}. Every reader of an input or attribute throws {@link
 * IllegalArgumentException} where it is missing or of another kind.
 *
 * @param type the operator's ONNX name
 * @param opset version of the default operator set
 * @param types of the inputs; null where an optional one is absent
 * @param constants values of the inputs by index, null where not known
 * @param outputs how many results are asked for
 */
public record Call(
    String type,
    SortedMap<String, Attribute> attributes,
    int opset,
    List<@Nullable ValueType> types,
    IntFunction<@Nullable Constant> constants,
    int outputs) {

  /** A call with every present input known. */
  public static Call of(Op.Foreign op, int opset, List<@Nullable Constant> inputs, int outputs) {
    List<@Nullable ValueType> types = new ArrayList<>();
    for (Constant input : inputs) {
      types.add(input == null ? null : input.type());
    }
    return new Call(op.type(), op.attributes(), opset, types, inputs::get, outputs);
  }

  /** Another operator on some known values, in the same version. */
  Call to(String other, SortedMap<String, Attribute> changed, Constant... inputs) {
    return of(new Op.Foreign(other, "", changed), opset, List.of(inputs), 1);
  }

  /** The attributes without one. */
  SortedMap<String, Attribute> without(String name) {
    SortedMap<String, Attribute> kept = new TreeMap<>(attributes);
    kept.remove(name);
    return kept;
  }

  int inputs() {
    return types.size();
  }

  boolean has(int input) {
    return input < types.size() && types.get(input) != null;
  }

  ValueType input(int input) {
    ValueType known = input < types.size() ? types.get(input) : null;
    if (known == null) {
      throw new IllegalArgumentException("input " + input + " is missing");
    }
    return known;
  }

  Shape shape(int input) {
    return input(input).shape();
  }

  int rank(int input) {
    return shape(input).rank();
  }

  ElementType element(int input) {
    return input(input).element();
  }

  boolean isFloat(int input) {
    return element(input) == ElementType.FLOAT;
  }

  Constant value(int input) {
    input(input);
    Constant known = constants.apply(input);
    if (known == null) {
      throw new UnknownValue(input);
    }
    return known;
  }

  float[] floats(int input) {
    if (!isFloat(input)) {
      throw new IllegalArgumentException("input " + input + " is " + element(input));
    }
    return value(input).floats();
  }

  long[] integers(int input) {
    if (value(input) instanceof Constant.Integers integers) {
      return integers.values();
    }
    throw new IllegalArgumentException("input " + input + " is " + element(input));
  }

  /** The only element of an input. */
  double number(int input) {
    requires(shape(input).elements() == 1, "input " + input + " is not one number");
    return value(input) instanceof Constant.Integers integers
        ? integers.values()[0]
        : floats(input)[0];
  }

  double number(int input, double otherwise) {
    return has(input) ? number(input) : otherwise;
  }

  long integer(String name, long otherwise) {
    return switch (attributes.get(name)) {
      case null -> otherwise;
      case Attribute.Int i -> i.value();
      case Attribute _ -> throw wrong(name);
    };
  }

  int small(String name, int otherwise) {
    return Math.toIntExact(integer(name, otherwise));
  }

  boolean flag(String name) {
    return integer(name, 0) != 0;
  }

  float real(String name, double otherwise) {
    return switch (attributes.get(name)) {
      case null -> (float) otherwise;
      case Attribute.Real r -> r.value();
      case Attribute _ -> throw wrong(name);
    };
  }

  String text(String name, String otherwise) {
    return switch (attributes.get(name)) {
      case null -> otherwise;
      case Attribute.Text t -> t.value();
      case Attribute _ -> throw wrong(name);
    };
  }

  long @Nullable [] integers(String name) {
    return switch (attributes.get(name)) {
      case null -> null;
      case Attribute.Ints l -> l.values().stream().mapToLong(Long::longValue).toArray();
      case Attribute _ -> throw wrong(name);
    };
  }

  /** The attribute of that name where present, else the integers of the input, else null. */
  long @Nullable [] integers(String name, int input) {
    return attributes.containsKey(name) || !has(input) ? integers(name) : integers(input);
  }

  private static IllegalArgumentException wrong(String name) {
    return new IllegalArgumentException("its attribute '" + name + "' has the wrong type");
  }

  /** An axis counted from the front. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException("axis " + axis + " of a value of rank " + rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  static int[] axes(long[] axes, int rank) {
    int[] result = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      result[i] = axis(axes[i], rank);
    }
    return result;
  }

  static void requires(boolean condition, String complaint) {
    if (!condition) {
      throw new IllegalArgumentException(complaint);
    }
  }
}
