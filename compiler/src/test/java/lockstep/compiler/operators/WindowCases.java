// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static lockstep.compiler.operators.CaseList.floatsOf;
import static lockstep.compiler.operators.CaseList.vector;

import java.util.List;
import lockstep.compiler.graph.Constant;

/** Convolutions, pools and changes of an image's size. */
final class WindowCases {
  private WindowCases() {}

  static void add(CaseList c) {
    convolutions(c);
    transposed(c);
    pools(c);
    resizing(c);
  }

  private static void convolutions(CaseList c) {
    c.opset(11);
    c.of("Conv", c.floats(2, 3, 7), c.floats(4, 3, 3), c.floats(4));
    c.with("pads", new int[] {2, 0})
        .with("strides", new int[] {2})
        .with("dilations", new int[] {2})
        .of("Conv", c.floats(1, 4, 9), c.floats(6, 4, 3));
    for (int i = 0; i < 6; i++) {
      int groups = c.draw(1, 3);
      int perGroup = c.draw(1, 3);
      int[] kernel = {c.draw(1, 3), c.draw(1, 4)};
      c.with("group", groups)
          .with("pads", new int[] {c.draw(0, 2), c.draw(0, 2), c.draw(0, 2), c.draw(0, 2)})
          .with("strides", new int[] {c.draw(1, 3), c.draw(1, 3)})
          .with("dilations", new int[] {c.draw(1, 2), c.draw(1, 2)})
          .of(
              "Conv",
              c.floats(c.draw(1, 2), groups * perGroup, 7, 9),
              c.floats(groups * c.draw(1, 5), perGroup, kernel[0], kernel[1]));
    }
    for (String pad : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
      c.with("auto_pad", pad)
          .with("strides", new int[] {2, 3})
          .of("Conv", c.floats(1, 2, 7, 8), c.floats(3, 2, 4, 3), c.floats(3));
    }
    c.with("pads", new int[] {1, 0, 1, 0, 1, 1})
        .with("strides", new int[] {1, 2, 1})
        .with("group", 2)
        .of("Conv", c.floats(1, 4, 4, 5, 6), c.floats(6, 2, 2, 3, 2), c.floats(6));
    c.with("pads", new int[] {1, 1, 1, 1})
        .of("Conv", c.floats(1, 40, 31, 33), c.floats(9, 40, 3, 3));
  }

  private static void transposed(CaseList c) {
    c.opset(11);
    c.of("ConvTranspose", c.floats(1, 3, 4, 5), c.floats(3, 2, 3, 3), c.floats(2));
    c.with("strides", new int[] {2, 3})
        .with("pads", new int[] {1, 0, 0, 1})
        .with("output_padding", new int[] {1, 0})
        .of("ConvTranspose", c.floats(2, 4, 3, 4), c.floats(4, 3, 3, 4));
    c.with("group", 2)
        .with("dilations", new int[] {2, 1})
        .of("ConvTranspose", c.floats(1, 4, 3, 4), c.floats(4, 3, 2, 2), c.floats(6));
    c.with("strides", new int[] {2}).of("ConvTranspose", c.floats(1, 2, 5), c.floats(2, 3, 4));
    for (String pad : List.of("SAME_UPPER", "SAME_LOWER")) {
      c.with("auto_pad", pad)
          .with("strides", new int[] {2, 2})
          .of("ConvTranspose", c.floats(1, 2, 3, 4), c.floats(2, 1, 3, 3));
    }
    c.with("output_shape", new int[] {8, 9})
        .with("strides", new int[] {2, 2})
        .of("ConvTranspose", c.floats(1, 2, 4, 4), c.floats(2, 1, 3, 3));
  }

  private static void pools(CaseList c) {
    for (int opset : new int[] {8, 11, 19}) {
      c.opset(opset);
      for (String type : List.of("MaxPool", "AveragePool")) {
        c.with("kernel_shape", new int[] {3})
            .with("strides", new int[] {2})
            .of(type, c.floats(2, 3, 9));
        c.with("kernel_shape", new int[] {2, 3})
            .with("strides", new int[] {2, 1})
            .with("pads", new int[] {1, 0, 0, 2})
            .of(type, c.floats(1, 2, 6, 7));
        c.with("kernel_shape", new int[] {2, 3, 2}).of(type, c.floats(1, 2, 4, 5, 3));
        c.with("kernel_shape", new int[] {3, 2})
            .with("strides", new int[] {2, 3})
            .with("auto_pad", "SAME_UPPER")
            .of(type, c.floats(1, 2, 6, 7));
      }
      c.with("kernel_shape", new int[] {2, 3})
          .with("count_include_pad", 1)
          .with("pads", new int[] {1, 1, 1, 1})
          .of("AveragePool", c.floats(1, 2, 6, 7));
    }
    for (int opset : new int[] {10, 19}) {
      c.opset(opset);
      for (String type : List.of("MaxPool", "AveragePool")) {
        c.with("kernel_shape", new int[] {3, 3})
            .with("strides", new int[] {2, 2})
            .with("ceil_mode", 1)
            .of(type, c.floats(1, 2, 6, 8));
        c.with("kernel_shape", new int[] {2, 2})
            .with("strides", new int[] {3, 3})
            .with("pads", new int[] {0, 1, 1, 1})
            .with("ceil_mode", 1)
            .of(type, c.floats(1, 2, 6, 8));
      }
      c.with("kernel_shape", new int[] {3, 3})
          .with("strides", new int[] {2, 2})
          .with("pads", new int[] {1, 1, 1, 1})
          .with("ceil_mode", 1)
          .with("count_include_pad", 1)
          .of("AveragePool", c.floats(1, 1, 6, 8));
    }
    c.with("kernel_shape", new int[] {2, 2})
        .with("dilations", new int[] {2, 1})
        .of("AveragePool", c.floats(1, 2, 6, 7));
    c.with("kernel_shape", new int[] {2, 2})
        .with("dilations", new int[] {2, 3})
        .outputs(2)
        .of("MaxPool", c.floats(2, 2, 6, 7));
    c.with("kernel_shape", new int[] {2, 2})
        .with("storage_order", 1)
        .outputs(2)
        .of("MaxPool", c.floats(2, 2, 6, 7));
    c.of("GlobalMaxPool", c.floats(2, 3, 4, 5));
    c.of("GlobalMaxPool", c.floats(2, 3, 4));
    c.of("GlobalAveragePool", c.floats(2, 3, 4, 5));
    c.of("GlobalAveragePool", c.floats(2, 3, 2, 4, 5));
    c.of("GlobalLpPool", c.floats(2, 3, 4, 5));
    c.with("p", 3).of("GlobalLpPool", c.floats(2, 3, 4, 5));
    c.opset(11)
        .with("kernel_shape", new int[] {2, 3})
        .with("p", 3)
        .of("LpPool", c.floats(1, 2, 6, 7));
    c.with("kernel_shape", new int[] {2, 2})
        .with("pads", new int[] {1, 0, 0, 1})
        .of("LpPool", c.floats(1, 2, 6, 7));
  }

  private static void resizing(CaseList c) {
    Constant doubled = floatsOf(new int[] {4}, 1, 1, 2, 3);
    Constant odd = floatsOf(new int[] {4}, 1, 1, 1.7, 0.6);
    c.opset(7).with("scales", new double[] {1, 1, 2, 3}).of("Upsample", c.floats(1, 2, 3, 4));
    c.opset(9).of("Upsample", c.floats(1, 2, 3, 4), doubled);
    c.with("mode", "linear").of("Upsample", c.floats(1, 2, 3, 4), doubled);
    c.opset(10).of("Resize", c.floats(1, 2, 3, 4), doubled);
    c.opset(10).with("mode", "linear").of("Resize", c.floats(1, 2, 3, 4), doubled);
    c.opset(13);
    for (String mode : List.of("nearest", "linear", "cubic")) {
      for (String transform :
          List.of("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners")) {
        c.with("mode", mode)
            .with("coordinate_transformation_mode", transform)
            .of("Resize", c.floats(1, 2, 5, 7), null, odd);
        c.with("mode", mode)
            .with("coordinate_transformation_mode", transform)
            .of("Resize", c.floats(2, 1, 4, 3), null, null, vector(2, 1, 7, 3));
      }
    }
    for (String rounding : List.of("floor", "ceil", "round_prefer_floor", "round_prefer_ceil")) {
      c.with("nearest_mode", rounding).of("Resize", c.floats(1, 1, 4, 6), null, doubled);
      c.with("nearest_mode", rounding).of("Resize", c.floats(1, 1, 5, 5), null, odd);
    }
    c.with("mode", "cubic")
        .with("cubic_coeff_a", -0.5)
        .with("exclude_outside", 1)
        .of("Resize", c.floats(1, 1, 5, 6), null, odd);
    c.opset(19)
        .with("coordinate_transformation_mode", "half_pixel_symmetric")
        .with("mode", "linear")
        .of("Resize", c.floats(1, 1, 5, 6), null, odd);
    c.with("axes", new int[] {2, 3})
        .with("mode", "linear")
        .of("Resize", c.floats(1, 2, 5, 6), null, null, vector(3, 9));
    for (String policy : List.of("not_larger", "not_smaller")) {
      c.with("axes", new int[] {2, 3})
          .with("keep_aspect_ratio_policy", policy)
          .of("Resize", c.floats(1, 1, 4, 6), null, null, vector(9, 10));
    }
    c.with("mode", "linear")
        .of("Resize", c.floats(1, 1, 2, 5, 6), null, floatsOf(new int[] {5}, 1, 1, 2, 0.5, 1.5));
  }
}
