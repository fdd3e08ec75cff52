// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Program.LayerInfo;
import lockstep.compiler.program.Program.Stripes;

/**
 * Lower bounds on a layer's cycles and traffic that no mapping can beat.
 *
 * <pre>
 * compute  macs / (rows x cols)
 * read     (input + weights + parameters + residual bytes, each once) / min(port width, memory rate)
 * write    output bytes / min(port width, memory rate)
 * </pre>
 *
 * <p>What stays on chip moves nothing, of an input only the pixels count that some result needs,
 * and where a layer sums pixels the weights of one tap do for all. The bytes, not the cycles, count
 * what each stripe of a layer reads again: its weights, and lines that another has read.
 */
final class Bounds {
  private static final int PARAMETER_BYTES = 8;

  private Bounds() {}

  /**
   * A layer as reports show it.
   *
   * @param found the mappings of its stripes, or its own
   */
  static LayerInfo info(
      SystolicArchitecture a,
      Stretch stretch,
      int layer,
      List<FoundMapping> found,
      Room room,
      Stripes stripes) {
    Contraction c = stretch.layers().get(layer);
    boolean copy = stretch.copies().get(layer);
    long compute = Math.ceilDiv(c.macs(), (long) a.array().rows() * a.array().cols());
    long rate = Math.min(a.dma().widthBytes(), a.memory().bytesPerCycle());
    long readBytes = readBytes(c, room, copy);
    long writeBytes = storedBytes(c, room);
    long read = Math.ceilDiv(readBytes, rate);
    long write = Math.ceilDiv(writeBytes, rate);
    long bound = Math.max(compute, Math.max(read, write));
    String by = bound == compute ? "compute" : bound == read ? "read" : "write";
    return new LayerInfo(
        c.name(),
        copy ? 0 : c.macs(),
        found.get((found.size() - 1) / 2).mapping().describe(),
        room.describe(c.outChannels()),
        bound,
        by,
        readBytes + writeBytes + stripes.bytesAgain(),
        FoundMapping.describe(found),
        stripes);
  }

  /** Bytes that the stripes of a layer have to move in all beyond those of the layer as a whole. */
  static long bytesAgain(Stretch stretch, int layer, Room room) {
    boolean copy = stretch.copies().get(layer);
    long striped =
        stretch.parts(layer).stream().mapToLong(part -> movedBytes(part, room, copy)).sum();
    return striped - movedBytes(stretch.layers().get(layer), room, copy);
  }

  private static long movedBytes(Contraction c, Room room, boolean copy) {
    return readBytes(c, room, copy) + storedBytes(c, room);
  }

  /** Bytes of the results that go to memory. */
  static long storedBytes(Contraction c, Room room) {
    return c.output().bytes() / c.outChannels() * (c.outChannels() - room.outputs());
  }

  private static long readBytes(Contraction c, Room room, boolean copy) {
    Window k = c.window();
    long bytes = 0;
    if (!copy && c.right() == null) {
      int taps = LayerShape.sums(c) ? 1 : k.kernelH() * k.kernelW();
      bytes += (long) c.outChannels() * c.groupChannels() * taps;
      bytes += (long) PARAMETER_BYTES * c.outChannels();
    }
    if (c.right() != null) {
      bytes += c.right().bytes();
    }
    if (!room.input()) {
      for (Tensor t : c.sources()) {
        long lines = k.linesRead(c.convH(), t.h());
        long columns = k.columnsRead(c.convW(), t.w());
        bytes += t.n() * (long) t.c() * lines * columns;
      }
    }
    if (c.out().residual() != null && !room.residual()) {
      bytes += c.out().residual().bytes();
    }
    return bytes;
  }
}
