// SPDX-License-Identifier: Apache-2.0
package lockstep.backend;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import lockstep.arch.UserError;

/**
 * Runs a model on ONNX Runtime's CPU provider and takes the time. Intra-op threads are the ones
 * asked for, inter-op threads are one, operators run one after another.
 */
public final class CpuBackend {
  private CpuBackend() {}

  /**
   * Measures one model on inputs drawn from a seed: floats evenly from [0, 1), integers zero, an
   * index that every table has.
   *
   * @param model ONNX bytes
   * @param batch value for dimensions that the model leaves open
   * @param threads intra-op threads, at least 1
   * @param warmup runs before the measured ones
   * @param runs measured runs, at least 1
   * @throws UserError when ONNX Runtime refuses the model
   */
  public static Measurement measure(
      String name, byte[] model, int batch, long seed, int threads, int warmup, int runs) {
    lockstep.compiler.host.CommandLine.check();
    var environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      try (var session = environment.createSession(model, options)) {
        var random = new SplittableRandom(seed);
        for (var entry : session.getInputInfo().entrySet()) {
          inputs.put(entry.getKey(), drawn(name, environment, entry.getValue(), batch, random));
        }
        for (int i = 0; i < warmup; i++) {
          session.run(inputs).close();
        }
        double[] milliseconds = new double[runs];
        for (int i = 0; i < runs; i++) {
          long start = System.nanoTime();
          session.run(inputs).close();
          milliseconds[i] = (System.nanoTime() - start) / 1e6;
        }
        return Measurement.of(
            milliseconds,
            threads,
            warmup,
            "ONNX Runtime " + environment.getVersion() + " CPU",
            processor());
      }
    } catch (OrtException e) {
      throw new UserError(
          name + ": ONNX Runtime cannot run it: " + e.getMessage() + "; check the model");
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor drawn(
      String model, OrtEnvironment environment, NodeInfo input, int batch, SplittableRandom random)
      throws OrtException {
    if (!(input.getInfo() instanceof TensorInfo tensor)) {
      throw new UserError(model + ": input " + input.getName() + " is not a tensor");
    }
    long[] shape = tensor.getShape().clone();
    long elements = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = shape[i] < 0 ? batch : shape[i];
      elements = Math.multiplyExact(elements, shape[i]);
    }
    OnnxJavaType type = tensor.type;
    var bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(elements, type.size)))
            .order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining()) {
      switch (type) {
        case FLOAT -> bytes.putFloat((float) random.nextDouble());
        case DOUBLE -> bytes.putDouble(random.nextDouble());
        case INT8, UINT8 -> bytes.put((byte) 0);
        case INT16 -> bytes.putShort((short) 0);
        case INT32 -> bytes.putInt(0);
        case INT64 -> bytes.putLong(0);
        case BOOL -> bytes.put((byte) random.nextInt(2));
        case FLOAT16, BFLOAT16, STRING, UNKNOWN ->
            throw new UserError(
                model
                    + ": input "
                    + input.getName()
                    + " is of type "
                    + type
                    + ", which cannot be drawn");
      }
    }
    bytes.rewind();
    return OnnxTensor.createTensor(environment, bytes, shape, type);
  }

  /** The processor's name as the system gives it. */
  public static String processor() {
    Path cpuInfo = Path.of("/proc/cpuinfo");
    if (Files.isReadable(cpuInfo)) {
      try {
        for (String line : Files.readAllLines(cpuInfo)) {
          if (line.startsWith("model name")) {
            return line.substring(line.indexOf(':') + 1).strip();
          }
        }
      } catch (IOException e) {
        return System.getProperty("os.arch") + " (name not readable: " + e.getMessage() + ")";
      }
    }
    return System.getProperty("os.arch");
  }
}
