// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
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
 */
final class VliwBounds {
  private static final int PARAMETER_BYTES = 8;

  private VliwBounds() {}

  /** A layer as reports show it. */
  static LayerInfo info(VliwArchitecture machine, Layer layer, String mapping) {
    var matrix = machine.slots().matrix();
    long compute = Math.ceilDiv(layer.macs(), (long) matrix.count() * matrix.macs());
    long rate = Math.min(machine.dma().widthBytes(), machine.memory().bytesPerCycle());
    long readBytes = layer.inputs().stream().distinct().mapToLong(Tensor::bytes).sum();
    if (layer instanceof Layer.Convolution c) {
      readBytes += c.weights().length() + (long) PARAMETER_BYTES * c.output().c();
    }
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
}
