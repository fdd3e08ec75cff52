// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.host;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * An ONNX model loaded into ONNX Runtime on the CPU, one thread, graph optimisations off, so that
 * its results do not depend on the machine's core count.
 */
public final class HostSession implements AutoCloseable {
  private final OrtSession session;
  private final Map<String, OnnxTensor> weights;

  private HostSession(OrtSession session, Map<String, OnnxTensor> weights) {
    this.session = session;
    this.weights = weights;
  }

  /**
   * @param what named in the error
   * @throws UserError if ONNX Runtime refuses the model
   */
  public static HostSession open(byte[] model, String what) {
    return open(model, Map.of(), what);
  }

  /**
   * @param weights data of initializers that the model only declares
   * @throws UserError if ONNX Runtime refuses the model, or would crash this process
   */
  public static HostSession open(byte[] model, Map<String, FloatTensor> weights, String what) {
    CommandLine.check();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> supplied = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setMemoryPatternOptimization(false);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      for (Map.Entry<String, FloatTensor> weight : weights.entrySet()) {
        supplied.put(weight.getKey(), tensor(weight.getValue()));
      }
      if (!supplied.isEmpty()) {
        options.addExternalInitializers(new HashMap<>(supplied));
      }
      return new HostSession(environment.createSession(model, options), supplied);
    } catch (OrtException e) {
      supplied.values().forEach(OnnxTensor::close);
      throw refused(what, e);
    }
  }

  /** Runs the model; results in the model's order. */
  public Map<String, Constant> run(Map<String, Constant> inputs) {
    Map<String, Constant> results = new LinkedHashMap<>();
    Map<String, OnnxTensor> feeds = new HashMap<>();
    try {
      for (Map.Entry<String, Constant> input : inputs.entrySet()) {
        feeds.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = session.run(feeds)) {
        result.forEach(
            entry -> results.put(entry.getKey(), constant((OnnxTensor) entry.getValue())));
      }
    } catch (OrtException e) {
      throw refused("the model's inputs", e);
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
    return results;
  }

  /** Output types as ONNX Runtime infers them; dimensions it cannot infer are -1. */
  public Map<String, TensorInfo> outputTypes() {
    Map<String, TensorInfo> types = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, NodeInfo> entry : session.getOutputInfo().entrySet()) {
        if (entry.getValue().getInfo() instanceof TensorInfo tensor) {
          types.put(entry.getKey(), tensor);
        }
      }
    } catch (OrtException e) {
      throw refused("an output's type", e);
    }
    return types;
  }

  /** The graph type for a runtime type, or null where it has no static shape or no such element. */
  public static @org.jspecify.annotations.Nullable ValueType valueType(TensorInfo info) {
    ElementType element = element(info);
    for (long dim : info.getShape()) {
      if (dim < 0) {
        return null;
      }
    }
    return element == null ? null : new ValueType(element, Shape.of(info.getShape()));
  }

  @Override
  public void close() {
    try {
      session.close();
      weights.values().forEach(OnnxTensor::close);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OnnxTensor tensor(FloatTensor floats) throws OrtException {
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(),
        FloatBuffer.wrap(floats.values()),
        floats.shape().toLongs());
  }

  private static OnnxTensor tensor(Constant value) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = value.shape().toLongs();
    if (!(value instanceof Constant.Integers integers)) {
      return tensor(new FloatTensor(value.shape(), value.floats()));
    }
    ByteBuffer bytes = ByteBuffer.wrap(integers.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    return switch (integers.element()) {
      case INT64 -> OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
      case INT32 -> OnnxTensor.createTensor(environment, bytes.asIntBuffer(), shape);
      case INT16 -> OnnxTensor.createTensor(environment, bytes.asShortBuffer(), shape);
      case UINT16 ->
          throw new UserError(
              "ONNX Runtime's Java interface takes no uint16 values; make the model's input int32");
      case INT8 -> OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.INT8);
      case UINT8 -> OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
      case BOOL -> OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.BOOL);
      case FLOAT -> throw new IllegalArgumentException("integers that are floats");
    };
  }

  private static Constant constant(OnnxTensor tensor) {
    Shape shape = Shape.of(tensor.getInfo().getShape());
    ElementType element = element(tensor.getInfo());
    int count = Math.toIntExact(shape.elements());
    long[] values = new long[element == ElementType.FLOAT ? 0 : count];
    switch (element) {
      case FLOAT -> {
        float[] floats = new float[count];
        tensor.getFloatBuffer().get(floats);
        return new Constant.Floats(shape, floats);
      }
      case INT64 -> tensor.getLongBuffer().get(values);
      case INT32 -> {
        java.nio.IntBuffer ints = tensor.getIntBuffer();
        java.util.Arrays.setAll(values, ints::get);
      }
      case INT16, UINT16 -> {
        java.nio.ShortBuffer shorts = tensor.getShortBuffer();
        boolean signed = element == ElementType.INT16;
        java.util.Arrays.setAll(values, i -> signed ? shorts.get(i) : shorts.get(i) & 0xffff);
      }
      case INT8 -> {
        java.nio.ByteBuffer bytes = tensor.getByteBuffer();
        java.util.Arrays.setAll(values, bytes::get);
      }
      case UINT8, BOOL -> {
        java.nio.ByteBuffer bytes = tensor.getByteBuffer();
        java.util.Arrays.setAll(values, i -> bytes.get(i) & 0xff);
      }
      case null ->
          throw new UserError(
              "a constant expression of the model has element type "
                  + tensor.getInfo().type
                  + "; use float, int64, int32, int16, int8 or uint8");
    }
    return new Constant.Integers(element, shape, values);
  }

  private static @org.jspecify.annotations.Nullable ElementType element(TensorInfo info) {
    return switch (info.type) {
      case FLOAT -> ElementType.FLOAT;
      case UINT8 -> ElementType.UINT8;
      case INT8 -> ElementType.INT8;
      case INT16 ->
          info.onnxType == TensorInfo.OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16
              ? ElementType.UINT16
              : ElementType.INT16;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case BOOL -> ElementType.BOOL;
      case DOUBLE, STRING, UNKNOWN, FLOAT16, BFLOAT16 -> null;
    };
  }

  private static UserError refused(String what, OrtException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return new UserError(
        "ONNX Runtime refuses " + what + ": " + message.lines().findFirst().orElse(""));
  }

  /** Names of the model's inputs in order. */
  public List<String> inputNames() {
    return List.copyOf(session.getInputNames());
  }
}
