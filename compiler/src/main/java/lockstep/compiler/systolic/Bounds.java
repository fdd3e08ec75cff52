// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Program.LayerInfo;

/**
 * Lower bounds on a layer's cycles that no mapping can beat.
 *
 * <pre>
 * compute  macs / (rows x cols)
 * read     (input + weights + residual bytes, each once) / min(port width, memory rate)
 * write    output bytes / min(port width, memory rate)
 * </pre>
 */
final class Bounds {
  private Bounds() {}

  static LayerInfo info(SystolicArchitecture a, Contraction c, Mapping m, boolean copy) {
    long macs = copy ? 0 : c.macs();
    long compute = Math.ceilDiv(c.macs(), (long) a.array().rows() * a.array().cols());
    long rate = Math.min(a.dma().widthBytes(), a.memory().bytesPerCycle());
    long weights =
        (long) c.outChannels() * c.groupChannels() * c.window().kernelH() * c.window().kernelW();
    if (copy) {
      weights = 0;
    }
    long in = c.sources().stream().mapToLong(Tensor::bytes).sum() + weights;
    if (c.out().residual() != null) {
      in += c.out().residual().bytes();
    }
    long read = Math.ceilDiv(usedShare(c, in, weights), rate);
    long write = Math.ceilDiv(c.output().bytes(), rate);
    long bound = Math.max(compute, Math.max(read, write));
    String by = bound == compute ? "compute" : bound == read ? "read" : "write";
    return new LayerInfo(c.name(), macs, m.describe(), bound, by);
  }

  /** A strided 1x1 kernel need not read every input pixel. */
  private static long usedShare(Contraction c, long in, long weights) {
    boolean skips =
        c.window().kernelH() < c.window().strideH() || c.window().kernelW() < c.window().strideW();
    return skips ? weights : in;
  }
}
