// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** An operator whose one result consists of elements of its first input. */
interface Rearrangement extends Operator {

  Shape shape(Call call);

  /** For each element of the result, which element of the input it is; -1 for {@link #fill}. */
  int[] index(Call call, Shape shape);

  default double fill(Call call) {
    return 0;
  }

  @Override
  default List<ValueType> types(Call call) {
    return List.of(new ValueType(call.element(0), shape(call)));
  }

  @Override
  default List<Constant> evaluate(Call call) {
    Shape shape = shape(call);
    return List.of(View.take(call.value(0), shape, index(call, shape), fill(call)));
  }
}
