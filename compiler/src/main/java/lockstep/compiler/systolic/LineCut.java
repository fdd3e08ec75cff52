// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import org.jspecify.annotations.Nullable;

/**
 * Some output lines of a contraction, as a contraction of its own.
 *
 * <pre>
 * input      results of the convolution     output
 * +------+
 * | read |-- window -->+---------+
 * |      |             | results |-- pool -->+-----+
 * |      |             |         |           | out |
 * |      |             +---------+           +-----+
 * +------+       padding only where the cut meets the border of the image
 * </pre>
 *
 * @param out output lines, after pooling
 * @param results lines of convolution results that those need
 * @param read input lines that those need; none if they are all padding
 */
record LineCut(Contraction whole, Lines out, Lines results, Lines read) {

  static LineCut of(Contraction c, Lines out) {
    Lines results = under(c.pool(), out).within(c.convH());
    return new LineCut(c, out, results, under(c.window(), results).within(c.inH()));
  }

  /** Lines that a window reads for some of its results, with those in the padding. */
  private static Lines under(Window w, Lines results) {
    int last = (results.to() - 1) * w.strideH() + (w.kernelH() - 1) * w.dilationH();
    return new Lines(results.from() * w.strideH() - w.padTop(), last - w.padTop() + 1);
  }

  /**
   * The contraction.
   *
   * @param sources the lines {@link #read} of its sources
   * @param residual the lines {@link #out} of what it adds, if it does
   * @param outputs the lines {@link #out} of its results
   */
  Contraction on(List<Tensor> sources, @Nullable Tensor residual, List<Tensor> outputs) {
    List<Contraction.Result> parts = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Contraction.Result r = whole.results().get(i);
      parts.add(new Contraction.Result(outputs.get(i), out(r.out(), residual), r.firstChannel()));
    }
    Tensor all = whole.output();
    Tensor output =
        new Tensor(
            all.name(),
            all.n(),
            all.c(),
            out.size(),
            all.w(),
            all.scale(),
            all.zeroPoint(),
            all.bits(),
            all.raw());
    return new Contraction(
        whole.name(),
        sources,
        whole.outChannels(),
        whole.groups(),
        cut(whole.window(), results, whole.inH()),
        whole.weights(),
        whole.right(),
        whole.bias(),
        out(whole.out(), residual),
        outputs.size() == 1 ? outputs.getFirst() : output,
        List.copyOf(parts),
        results.size(),
        whole.convW());
  }

  private Output out(Output o, @Nullable Tensor residual) {
    return new Output(
        o.pool() == null ? null : cut(o.pool(), out, whole.convH()),
        o.multipliers(),
        o.shifts(),
        residual,
        o.residualMultiplier(),
        o.leak(),
        o.outShift(),
        o.min(),
        o.max());
  }

  /** The window with the padding that some of its results see. */
  private static Window cut(Window w, Lines results, int height) {
    Lines read = under(w, results);
    return new Window(
        w.kernelH(),
        w.kernelW(),
        w.strideH(),
        w.strideW(),
        w.dilationH(),
        w.dilationW(),
        Math.max(0, -read.from()),
        w.padLeft(),
        Math.max(0, read.to() - height),
        w.padRight());
  }
}
