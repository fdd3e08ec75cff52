// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.Collections;
import java.util.List;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;
import org.jspecify.annotations.Nullable;

/**
 * Convolution and pooling of ONNX with padding written out. Null where the value has other than one
 * or two spatial dimensions, or where the windows of an average differ in their divisor.
 */
record ImageForms(ResolveOperators graph, Node node, NodeAttributes attributes) {

  @Nullable Op conv() {
    Shape x = input();
    if (!isImage(x)) {
      return null;
    }
    Shape w = graph.type(node.inputs().get(1)).shape();
    List<Long> kernel = w.dims().subList(2, w.rank()).stream().map(Integer::longValue).toList();
    long groups = attributes.integer("group", 1);
    if (groups < 1 || groups > x.dim(1)) {
      throw malformed(groups + " groups of " + x.dim(1) + " channels");
    }
    return new Op.Conv(window(x, kernel, false), (int) groups);
  }

  @Nullable Op maxPool() {
    Shape x = input();
    return isImage(x) ? new Op.MaxPool(window(x, kernel(), attributes.flag("ceil_mode"))) : null;
  }

  @Nullable Op averagePool() {
    Shape x = input();
    if (!isImage(x)) {
      return null;
    }
    Window window = window(x, kernel(), false);
    boolean padded =
        window.padTop() + window.padLeft() + window.padBottom() + window.padRight() > 0;
    boolean overhangs = attributes.flag("ceil_mode") && !window.equals(window(x, kernel(), true));
    return overhangs || (padded && !attributes.flag("count_include_pad"))
        ? null
        : new Op.AveragePool(window);
  }

  @Nullable Op globalAverage() {
    return isImage(input()) ? new Op.AveragePool(whole(input())) : null;
  }

  @Nullable Op globalMax() {
    return isImage(input()) ? new Op.MaxPool(whole(input())) : null;
  }

  private Shape input() {
    return graph.type(node.input()).shape();
  }

  private static boolean isImage(Shape x) {
    return x.rank() == 3 || x.rank() == 4;
  }

  private static Window whole(Shape x) {
    return new Window(x.rank() == 4 ? x.dim(2) : 1, x.dim(-1), 1, 1, 1, 1, 0, 0, 0, 0);
  }

  private List<Long> kernel() {
    List<Long> kernel = attributes.integers("kernel_shape", null);
    if (kernel == null) {
      throw malformed("it has no kernel_shape");
    }
    return kernel;
  }

  private UserError malformed(String reason) {
    return ForeignTypes.unsupported(node, attributes.op(), reason);
  }

  private Window window(Shape x, List<Long> kernel, boolean ceil) {
    int spatial = x.rank() - 2;
    int[] k = new int[] {1, 1};
    int[] stride = new int[] {1, 1};
    int[] dilation = new int[] {1, 1};
    int[] begin = new int[2];
    int[] end = new int[2];
    List<Long> ones = Collections.nCopies(spatial, 1L);
    List<Long> strides = orElse(attributes.integers("strides", null), ones);
    List<Long> dilations = orElse(attributes.integers("dilations", null), ones);
    List<Long> pads =
        orElse(attributes.integers("pads", null), Collections.nCopies(2 * spatial, 0L));
    String autoPad = attributes.text("auto_pad", "NOTSET");
    if (kernel.size() != spatial
        || strides.size() != spatial
        || dilations.size() != spatial
        || pads.size() != 2 * spatial) {
      throw malformed("kernel, strides, dilations or pads do not match a value " + x);
    }
    for (int i = 0; i < spatial; i++) {
      int d = i + 2 - spatial;
      k[d] = kernel.get(i).intValue();
      stride[d] = strides.get(i).intValue();
      dilation[d] = dilations.get(i).intValue();
      int size = x.dim(2 + i);
      int reach = dilation[d] * (k[d] - 1) + 1;
      switch (autoPad) {
        case "SAME_UPPER", "SAME_LOWER" -> {
          int out = Math.ceilDiv(size, Math.max(1, stride[d]));
          int total = Math.max(0, (out - 1) * stride[d] + reach - size);
          begin[d] = autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2;
          end[d] = total - begin[d];
        }
        case "VALID" -> {}
        default -> {
          begin[d] = pads.get(i).intValue();
          end[d] = pads.get(i + spatial).intValue();
        }
      }
      if (ceil) {
        end[d] +=
            overhang(size + begin[d] + end[d] - reach, Math.max(1, stride[d]), size + begin[d]);
      }
    }
    boolean valid = Math.min(begin[0], begin[1]) >= 0 && Math.min(end[0], end[1]) >= 0;
    for (int d = 0; d < 2; d++) {
      valid &= k[d] > 0 && stride[d] > 0 && dilation[d] > 0;
    }
    if (!valid) {
      throw malformed("kernel, strides, dilations or pads have a value out of range");
    }
    return new Window(
        k[0],
        k[1],
        stride[0],
        stride[1],
        dilation[0],
        dilation[1],
        begin[0],
        begin[1],
        end[0],
        end[1]);
  }

  /**
   * Extra padding at the end so that rounding down gives what rounding up gives; a window that
   * would start behind the image and its leading padding is dropped.
   */
  private static int overhang(int slide, int stride, int lastStart) {
    int steps = Math.ceilDiv(slide, stride);
    if (steps * stride >= lastStart) {
      steps--;
    }
    return Math.max(0, steps * stride - slide);
  }

  private static List<Long> orElse(@Nullable List<Long> given, List<Long> otherwise) {
    return given == null ? otherwise : given;
  }
}
