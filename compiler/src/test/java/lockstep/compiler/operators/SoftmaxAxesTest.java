// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.onnx.OnnxWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax and its logarithm along every axis of every rank, before and since opset 13. */
class SoftmaxAxesTest {
  @ParameterizedTest
  @ValueSource(ints = {7, 11, 12, 13, 21})
  void everyAxisEqualsOnnxRuntime(int opset) {
    CaseList cases = new CaseList(opset).opset(opset);
    int[][] shapes = {{7}, {3, 5}, {2, 3, 4}, {2, 3, 2, 5}};
    for (String type : List.of("Softmax", "LogSoftmax")) {
      for (int[] shape : shapes) {
        int first = opset < 11 ? 0 : -shape.length;
        for (int axis = first; axis < shape.length; axis++) {
          cases.with("axis", axis).of(type, cases.between(-9, 9, shape));
        }
        if (shape.length > 1) {
          cases.of(type, cases.floats(shape));
        }
      }
      double hidden = Double.NEGATIVE_INFINITY;
      Constant masked = CaseList.floatsOf(new int[] {2, 3}, 1, hidden, -2, 1e30, hidden, 0);
      cases.with("axis", 1).of(type, masked);
    }
    for (OperatorCase one : cases.all()) {
      try (HostSession session = HostSession.open(OnnxWriter.write(one.graph()), one.toString())) {
        Constant expected = session.run(Map.of()).get("o0");
        Nearness.require(one.toString(), one.evaluated().getFirst(), expected, 1e-6);
      }
    }
  }
}
