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
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int UINT16 = 4;
  private static final int INT16 = 5;
  private static final int INT32 = 6;
  private static final int INT64 = 7;
  private static final int BOOL = 9;
  private static final int FLOAT16 = 10;
  private static final int DOUBLE = 11;
  private static final int UINT32 = 12;
  private static final int UINT64 = 13;
  private static final int BFLOAT16 = 16;

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

  /**
   * The graph's element type for ONNX's number: its own, or the next wider one where the graph has
   * none (all floating-point types are single precision there); null for what is not numbers.
   */
  static @Nullable ElementType element(int number) {
    return switch (number) {
      case FLOAT16, DOUBLE, BFLOAT16 -> ElementType.FLOAT;
      case UINT32, UINT64 -> ElementType.INT64;
      default -> {
        for (ElementType element : ElementType.values()) {
          if (element.onnxNumber() == number) {
            yield element;
          }
        }
        yield null;
      }
    };
  }

  /** Whether the number is that of a floating-point type which the graph holds as FLOAT. */
  static boolean isOtherFloat(long number) {
    return number == FLOAT16 || number == DOUBLE || number == BFLOAT16;
  }

  /**
   * @param what the tensor's name for messages
   * @param external data that are kept beside the model
   * @throws UserError for an element type or a storage that is not supported, and for data that do
   *     not fill the shape
   */
  static Constant read(TensorProto tensor, String what, ExternalData external) {
    int type = tensor.getDataType();
    ElementType element = element(type);
    if (element == null) {
      throw new UserError(
          "tensor '"
              + what
              + "' has element type "
              + typeName(type)
              + ", which is not supported; convert it to FLOAT");
    }
    Shape shape;
    try {
      shape = Shape.of(tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
    } catch (IllegalArgumentException e) {
      throw new UserError("tensor '" + what + "' has " + e.getMessage());
    }
    int count = Math.toIntExact(shape.elements());
    ByteBuffer raw = raw(tensor, what, external);
    requireCount(
        raw != null ? raw.remaining() : stored(tensor, type),
        raw != null ? (long) width(type) * count : count,
        what);
    if (element != ElementType.FLOAT) {
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = raw != null ? integer(raw, type) : integer(tensor, type, i);
      }
      requireWhole(values, type, what);
      return new Constant.Integers(element, shape, values);
    }
    float[] values = new float[count];
    if (raw != null && type == FLOAT) {
      raw.asFloatBuffer().get(values);
    } else {
      for (int i = 0; i < count; i++) {
        values[i] = raw != null ? real(raw, type) : real(tensor, type, i);
      }
    }
    for (float value : values) {
      if (Float.isNaN(value)) {
        throw new UserError(
            "tensor '" + what + "' contains NaN; weights must be numbers, train or export again");
      }
    }
    return new Constant.Floats(shape, values);
  }

  private static @Nullable ByteBuffer raw(TensorProto tensor, String what, ExternalData external) {
    if (tensor.getExternalDataCount() > 0
        || tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return external.of(tensor, what).order(ByteOrder.LITTLE_ENDIAN);
    }
    return tensor.hasRawData()
        ? tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN)
        : null;
  }

  private static int width(int type) {
    return switch (type) {
      case INT64, UINT64, DOUBLE -> Long.BYTES;
      case FLOAT, INT32, UINT32 -> Integer.BYTES;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> Short.BYTES;
      default -> 1;
    };
  }

  /** How many numbers are in the field that ONNX has for the type. */
  private static int stored(TensorProto tensor, int type) {
    return switch (type) {
      case FLOAT -> tensor.getFloatDataCount();
      case DOUBLE -> tensor.getDoubleDataCount();
      case INT64 -> tensor.getInt64DataCount();
      case UINT32, UINT64 -> tensor.getUint64DataCount();
      default -> tensor.getInt32DataCount();
    };
  }

  private static long integer(ByteBuffer raw, int type) {
    return switch (type) {
      case INT64, UINT64 -> raw.getLong();
      case INT32 -> raw.getInt();
      case UINT32 -> Integer.toUnsignedLong(raw.getInt());
      case INT16 -> raw.getShort();
      case UINT16 -> Short.toUnsignedLong(raw.getShort());
      case INT8 -> raw.get();
      case BOOL -> raw.get() == 0 ? 0 : 1;
      default -> Byte.toUnsignedLong(raw.get());
    };
  }

  private static long integer(TensorProto tensor, int type, int i) {
    return switch (type) {
      case INT64 -> tensor.getInt64Data(i);
      case UINT32, UINT64 -> tensor.getUint64Data(i);
      default -> tensor.getInt32Data(i);
    };
  }

  /** Numbers that the type cannot hold end the reading: the field can hold more. */
  private static void requireWhole(long[] values, int type, String what) {
    for (long value : values) {
      boolean holds =
          switch (type) {
            case UINT64 -> value >= 0;
            case UINT32 -> value >> 32 == 0;
            case UINT16 -> value >> 16 == 0;
            case INT16 -> value == (short) value;
            case UINT8 -> value >> 8 == 0;
            case INT8 -> value == (byte) value;
            case BOOL -> value >> 1 == 0;
            default -> true;
          };
      if (!holds) {
        throw new UserError(
            "tensor '"
                + what
                + "' holds "
                + (type == UINT64 ? Long.toUnsignedString(value) : String.valueOf(value))
                + ", which is too large for what is read from "
                + typeName(type)
                + "; export the model again");
      }
    }
  }

  private static float real(ByteBuffer raw, int type) {
    return switch (type) {
      case DOUBLE -> (float) raw.getDouble();
      case FLOAT16 -> Float.float16ToFloat(raw.getShort());
      default -> Float.intBitsToFloat(raw.getShort() << 16);
    };
  }

  private static float real(TensorProto tensor, int type, int i) {
    return switch (type) {
      case FLOAT -> tensor.getFloatData(i);
      case DOUBLE -> (float) tensor.getDoubleData(i);
      case FLOAT16 -> Float.float16ToFloat((short) tensor.getInt32Data(i));
      default -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16);
    };
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
      return UnsafeByteOperations.unsafeWrap(integers.bytes());
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
