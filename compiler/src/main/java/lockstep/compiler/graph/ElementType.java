// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

/** Element types a graph can hold. Names and numbers are those of ONNX's TensorProto.DataType. */
public enum ElementType {
  FLOAT(1),
  UINT8(2),
  INT8(3),
  UINT16(4),
  INT16(5),
  INT32(6),
  INT64(7),
  BOOL(9);

  private final int onnxNumber;

  ElementType(int onnxNumber) {
    this.onnxNumber = onnxNumber;
  }

  public int onnxNumber() {
    return onnxNumber;
  }

  /** Bytes of one element. */
  public int bytes() {
    return switch (this) {
      case UINT8, INT8, BOOL -> 1;
      case UINT16, INT16 -> Short.BYTES;
      case FLOAT, INT32 -> Float.BYTES;
      case INT64 -> Long.BYTES;
    };
  }
}
