// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Program.LayerInfo;
import lockstep.compiler.program.Program.Stripes;

/**
 * Lower bounds on a layer's cycles and traffic.
 *
 * <pre>
 * compute  macs / multiply-accumulates of a cycle
 * read     (inputs + weights + parameters, each once) / min(port width, memory rate)
 * write    output bytes / min(port width, memory rate)
 * </pre>
 *
 * <p>Of an input only the pixels count that some result needs, and weights that are the same for
 * all taps of the window once.
 */
final class VliwBounds {
  private static final int PARAMETER_BYTES = 8;

  private VliwBounds() {}

  /** A layer as reports show it. */
  static LayerInfo info(VliwArchitecture machine, Layer layer, String mapping) {
    var matrix = machine.slots().matrix();
    long compute = Math.ceilDiv(layer.macs(), (long) matrix.count() * matrix.macs());
    long rate = Math.min(machine.dma().widthBytes(), machine.memory().bytesPerCycle());
    long readBytes = readBytes(layer);
    long writeBytes = layer.output().bytes();
    long read = Math.ceilDiv(readBytes, rate);
    long write = Math.ceilDiv(writeBytes, rate);
    long bound = Math.max(compute, Math.max(read, write));
    String by = bound == compute ? "compute" : bound == read ? "read" : "write";
    return new LayerInfo(
        layer.name(),
        layer.macs(),
        mapping,
        "",
        bound,
        by,
        readBytes + writeBytes,
        "",
        Stripes.NONE);
  }

  private static long readBytes(Layer layer) {
    if (!(layer instanceof Layer.Convolution c)) {
      return layer.inputs().stream().distinct().mapToLong(Tensor::bytes).sum();
    }
    Tensor x = c.input();
    Tensor y = VliwMemory.unpooled(c);
    Window w = c.window();
    long pixels = (long) w.linesRead(y.h(), x.h()) * w.columnsRead(y.w(), x.w());
    long bytes = x.n() * (long) x.c() * pixels;
    Tensor residual = c.out().residual();
    if (residual != null && !residual.equals(x)) {
      bytes += residual.bytes();
    }
    int taps = w.kernelH() * w.kernelW();
    long weights = c.weights().length();
    return bytes
        + (c.tapsAlike() ? weights / taps : weights)
        + (long) PARAMETER_BYTES * c.output().c();
  }
}
