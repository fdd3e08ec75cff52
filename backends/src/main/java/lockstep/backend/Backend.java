// SPDX-License-Identifier: Apache-2.0
package lockstep.backend;

import java.util.Locale;
import lockstep.arch.UserError;

/** The real machines that a model can be measured on. */
public enum Backend {
  CPU,
  CUDA;

  /**
   * The backend of that word.
   *
   * @throws UserError when there is none
   */
  public static Backend of(String word) {
    for (Backend each : values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw new UserError("backend `" + word + "` is not known; choose cpu or cuda");
  }

  /**
   * Measures a model on this backend, as {@link CpuBackend#measure} does.
   *
   * @throws UserError with exit code 3 when this build or this host does not have it
   */
  public Measurement measure(
      String name, byte[] model, int batch, long seed, int threads, int warmup, int runs) {
    return switch (this) {
      case CPU -> CpuBackend.measure(name, model, batch, seed, threads, warmup, runs);
      case CUDA ->
          throw new UserError(
              "backend cuda: this build carries ONNX Runtime for the CPU only; choose --backend cpu",
              UserError.MISSING_TOOL);
    };
  }
}
