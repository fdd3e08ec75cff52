// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ValueType;

/**
 * One ONNX operator in all of its versions, as ONNX's operator specification defines it. Both
 * methods may give more results than the call asks for, never fewer.
 */
public interface Operator {

  /**
   * Element types and shapes of the results. Asks for the value of an input only where a shape
   * depends on it.
   *
   * @throws IllegalArgumentException if inputs and attributes do not fit together, or a shape
   *     depends on an input whose value is not known; the message says which
   */
  List<ValueType> types(Call call);

  /**
   * The results, from inputs that are all known. Sums are accumulated in double precision.
   *
   * @throws IllegalArgumentException as for {@link #types}
   */
  List<Constant> evaluate(Call call);
}
