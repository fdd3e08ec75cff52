// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/** Constants from and to ONNX's TensorProto. */
final class OnnxTensors {
  private static final String[] TYPE_NAMES = {
    "UNDEFINED",
    "FLOAT",
    "UINT8",
    "INT8",
    "UINT16",
    "INT16",
    "INT32",
    "INT64",
    "STRING",
    "BOOL",
    "FLOAT16",
    "DOUBLE",
    "UINT32",
    "UINT64",
    "COMPLEX64",
    "COMPLEX128",
    "BFLOAT16",
    "FLOAT8E4M3FN",
    "FLOAT8E4M3FNUZ",
    "FLOAT8E5M2",
    "FLOAT8E5M2FNUZ",
    "UINT4",
    "INT4",
    "FLOAT4E2M1"
  };

  private OnnxTensors() {}

  static String typeName(int number) {
    return number >= 0 && number < TYPE_NAMES.length ? TYPE_NAMES[number] : "number " + number;
  }

  static @Nullable ElementType element(int number) {
    for (ElementType element : ElementType.values()) {
      if (element.onnxNumber() == number) {
        return element;
      }
    }
    return null;
  }

  /**
   * @param what the tensor's name for messages
   * @throws UserError for an element type or a storage that is not supported, and for data that do
   *     not fill the shape
   */
  static Constant read(TensorProto tensor, String what) {
    ElementType element = element(tensor.getDataType());
    if (element == null) {
      throw new UserError(
          "tensor '"
              + what
              + "' has element type "
              + typeName(tensor.getDataType())
              + ", which is not supported; convert it to FLOAT");
    }
    if (tensor.getExternalDataCount() > 0
        || tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw new UserError(
          "tensor '" + what + "' keeps its data in another file; save the model as one file");
    }
    Shape shape;
    try {
      shape = Shape.of(tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
    } catch (IllegalArgumentException e) {
      throw new UserError("tensor '" + what + "' has " + e.getMessage());
    }
    int count = Math.toIntExact(shape.elements());
    return element == ElementType.FLOAT
        ? new Constant.Floats(shape, floats(tensor, count, what))
        : new Constant.Integers(element, shape, integers(tensor, element, count, what));
  }

  private static float[] floats(TensorProto tensor, int count, String what) {
    float[] values = new float[count];
    if (tensor.hasRawData()) {
      requireCount(tensor.getRawData().size(), 4L * count, what);
      tensor
          .getRawData()
          .asReadOnlyByteBuffer()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
    } else {
      requireCount(tensor.getFloatDataCount(), count, what);
      for (int i = 0; i < count; i++) {
        values[i] = tensor.getFloatData(i);
      }
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new UserError(
            "tensor '" + what + "' contains " + value + "; weights must be finite numbers");
      }
    }
    return values;
  }

  private static long[] integers(TensorProto tensor, ElementType element, int count, String what) {
    long[] values = new long[count];
    int width = element == ElementType.INT64 ? 8 : element == ElementType.INT32 ? 4 : 1;
    if (tensor.hasRawData()) {
      requireCount(tensor.getRawData().size(), (long) width * count, what);
      ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        values[i] =
            switch (element) {
              case INT64 -> raw.getLong();
              case INT32 -> raw.getInt();
              case INT8 -> raw.get();
              case UINT8, BOOL, FLOAT -> raw.get() & 0xff;
            };
      }
    } else if (element == ElementType.INT64) {
      requireCount(tensor.getInt64DataCount(), count, what);
      for (int i = 0; i < count; i++) {
        values[i] = tensor.getInt64Data(i);
      }
    } else {
      requireCount(tensor.getInt32DataCount(), count, what);
      for (int i = 0; i < count; i++) {
        values[i] = tensor.getInt32Data(i);
      }
    }
    return values;
  }

  static TensorProto write(String name, Constant constant) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(constant.element().onnxNumber());
    constant.shape().dims().forEach(tensor::addDims);
    return tensor.setRawData(raw(constant)).build();
  }

  /** Name, type and shape only: whoever loads the model supplies the data. */
  static TensorProto writeDetached(String name, Constant constant) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(constant.element().onnxNumber())
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue("supplied"));
    constant.shape().dims().forEach(tensor::addDims);
    return tensor.build();
  }

  private static ByteString raw(Constant constant) {
    if (constant instanceof Constant.Integers integers) {
      int width =
          switch (integers.element()) {
            case INT64 -> 8;
            case INT32 -> 4;
            case INT8, UINT8, BOOL, FLOAT -> 1;
          };
      ByteBuffer bytes =
          ByteBuffer.allocate(width * integers.values().length).order(ByteOrder.LITTLE_ENDIAN);
      for (long value : integers.values()) {
        switch (width) {
          case 8 -> bytes.putLong(value);
          case 4 -> bytes.putInt((int) value);
          default -> bytes.put((byte) value);
        }
      }
      return UnsafeByteOperations.unsafeWrap(bytes.flip());
    }
    float[] values = constant.floats();
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  private static void requireCount(long actual, long expected, String what) {
    if (actual != expected) {
      throw new UserError(
          "tensor '"
              + what
              + "' holds "
              + actual
              + " instead of "
              + expected
              + " bytes or numbers; the file is damaged, export the model again");
    }
  }
}
