// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.ValueType;

/** In inference a copy, and a mask of what was kept: everything. */
final class Dropout implements Operator {
  static final Map<String, Operator> TABLE = Map.of("Dropout", new Dropout());

  private Dropout() {}

  /** Before opset 10 the mask had the value's element type. */
  private static ElementType mask(Call call) {
    return call.opset() < 10 ? call.element(0) : ElementType.BOOL;
  }

  @Override
  public List<ValueType> types(Call call) {
    return List.of(call.input(0), new ValueType(mask(call), call.shape(0)));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Call.requires(
        call.opset() < 12 || !call.has(2) || call.number(2) == 0, "it is in training mode");
    double[] ones = new double[(int) call.shape(0).elements()];
    Arrays.fill(ones, 1);
    return List.of(call.value(0), Cast.to(mask(call), call.shape(0), ones));
  }
}
