// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Pieces along an axis: of given lengths (an attribute before opset 13, an input since), or as many
 * equal ones as there are results, the last one shorter where they do not fit.
 */
final class Split implements Operator {
  static final Map<String, Operator> TABLE = Map.of("Split", new Split());

  private Split() {}

  private static int axis(Call call) {
    return Call.axis(call.integer("axis", 0), call.rank(0));
  }

  private static long[] lengths(Call call) {
    int size = call.shape(0).dim(axis(call));
    long[] given = call.integers("split", 1);
    if (given != null) {
      long sum = 0;
      for (long length : given) {
        sum += length;
      }
      Call.requires(sum == size, "pieces of " + sum + " in all from " + size);
      return given;
    }
    int pieces = call.small("num_outputs", call.outputs());
    Call.requires(pieces > 0, pieces + " pieces");
    int each = Math.ceilDiv(size, pieces);
    long[] equal = new long[pieces];
    for (int i = 0; i < pieces; i++) {
      equal[i] = Math.clamp((long) size - (long) i * each, 0, each);
    }
    return equal;
  }

  @Override
  public List<ValueType> types(Call call) {
    List<ValueType> types = new ArrayList<>();
    for (long length : lengths(call)) {
      Shape piece = call.shape(0).with(axis(call), Math.toIntExact(length));
      types.add(new ValueType(call.element(0), piece));
    }
    return types;
  }

  @Override
  public List<Constant> evaluate(Call call) {
    List<Constant> pieces = new ArrayList<>();
    int[] strides = View.strides(call.shape(0));
    int offset = 0;
    for (ValueType type : types(call)) {
      int[] index = View.indices(type.shape(), strides, offset);
      pieces.add(View.take(call.value(0), type.shape(), index));
      offset += type.shape().dim(axis(call)) * strides[axis(call)];
    }
    return pieces;
  }
}
