// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;

/**
 * Reads the tensors of one model.
 *
 * @param where the model's file for messages
 */
record TensorReader(String where, ExternalData external) {
  /**
   * @param what the tensor's name for messages
   */
  Constant read(TensorProto tensor, String what) {
    try {
      return OnnxTensors.read(tensor, what, external);
    } catch (UserError e) {
      throw new UserError(where + ": " + e.getMessage());
    }
  }
}
