// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;

/** Convolutions in all forms, pools, and changes of an image's size. */
final class WindowSteps {
  static final List<RandomGraph.Step> ALL =
      List.of(
          d -> convolution(d, image(d), 1),
          d -> convolution(d, image(d), 1),
          WindowSteps::grouped,
          WindowSteps::depthwise,
          WindowSteps::pointwise,
          WindowSteps::transposed,
          d -> pool(d, "MaxPool"),
          d -> pool(d, "AveragePool"),
          d -> pool(d, "LpPool"),
          WindowSteps::whole,
          WindowSteps::padded,
          WindowSteps::resized,
          WindowSteps::depthToSpace,
          WindowSteps::spaceToDepth);

  private WindowSteps() {}

  /** A value of rank 4, now and then of rank 3. */
  static String image(Draft draft) {
    return draft.ranked(draft.once(6) ? 3 : 4);
  }

  private static void grouped(Draft draft) {
    String x = image(draft);
    int channels = draft.shape(x).dim(1);
    List<Integer> divisors = new ArrayList<>();
    for (int g = 2; g <= channels; g++) {
      if (channels % g == 0) {
        divisors.add(g);
      }
    }
    convolution(draft, x, draft.any(divisors));
  }

  private static void depthwise(Draft draft) {
    String x = image(draft);
    convolution(draft, x, draft.shape(x).dim(1));
  }

  static String convolution(Draft draft, String x, int groups) {
    Shape shape = draft.shape(x);
    int inputs = shape.dim(1) / groups;
    int outputs = groups * Math.max(1, draft.upTo(draft.largest) / groups);
    int[] kernel = kernel(draft, shape);
    int[] weights = new int[shape.rank()];
    weights[0] = outputs;
    weights[1] = inputs;
    System.arraycopy(kernel, 0, weights, 2, kernel.length);
    Attributes attributes = window(draft, kernel);
    attributes.put("group", new Attribute.Int(groups));
    int fan = inputs * Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
    String w = draft.weights(fan, weights);
    return draft.once(3)
        ? draft.add("Conv", attributes.map(), x, w)
        : draft.add("Conv", attributes.map(), x, w, draft.floats(-0.3, 0.3, outputs));
  }

  private static void pointwise(Draft draft) {
    String x = image(draft);
    int rank = draft.shape(x).rank();
    int[] weights = new int[rank];
    Arrays.fill(weights, 1);
    weights[0] = draft.upTo(2 * draft.largest);
    weights[1] = draft.shape(x).dim(1);
    String w = draft.weights(weights[1], weights);
    draft.add("Conv", Attributes.NONE, x, w, draft.floats(-0.3, 0.3, weights[0]));
  }

  private static int[] kernel(Draft draft, Shape image) {
    int[] kernel = new int[image.rank() - 2];
    Arrays.setAll(kernel, i -> draft.upTo(Math.min(5, image.dim(i + 2) + 1)));
    return kernel;
  }

  /** Strides, dilations and pads, each left out now and then. */
  private static Attributes window(Draft draft, int[] kernel) {
    Attributes attributes = Attributes.of("kernel_shape", kernel);
    if (draft.random.nextBoolean()) {
      attributes.and("strides", each(kernel.length, () -> draft.upTo(3)));
    }
    if (draft.once(4)) {
      attributes.and("dilations", each(kernel.length, () -> draft.upTo(2)));
    } else if (draft.once(4)) {
      String mode = draft.any(List.of("SAME_UPPER", "SAME_LOWER", "VALID"));
      return attributes.put("auto_pad", new Attribute.Text(mode));
    }
    return draft.once(4) ? attributes : attributes.and("pads", pads(draft, kernel));
  }

  /** Same size, or anything below the kernel. */
  private static int[] pads(Draft draft, int[] kernel) {
    boolean same = draft.random.nextBoolean();
    int[] pads = new int[2 * kernel.length];
    Arrays.setAll(
        pads,
        i -> {
          int size = kernel[i % kernel.length];
          return same ? size / 2 : draft.random.nextInt(size);
        });
    return pads;
  }

  private static int[] each(int count, IntSupplier draw) {
    int[] drawn = new int[count];
    Arrays.setAll(drawn, _ -> draw.getAsInt());
    return drawn;
  }

  private static void transposed(Draft draft) {
    String x = image(draft);
    int rank = draft.shape(x).rank();
    int groups = draft.once(4) && draft.shape(x).dim(1) % 2 == 0 ? 2 : 1;
    int[] weights = new int[rank];
    Arrays.setAll(weights, _ -> draft.upTo(3));
    weights[0] = draft.shape(x).dim(1);
    weights[1] = draft.upTo(draft.largest / 2);
    int fan = weights[0] * weights[rank - 1];
    Attributes attributes = Attributes.of("strides", each(rank - 2, () -> draft.upTo(2)));
    attributes.put("group", new Attribute.Int(groups));
    String w = draft.weights(fan, weights);
    String b = draft.floats(-0.3, 0.3, groups * weights[1]);
    draft.add("ConvTranspose", attributes.map(), x, w, b);
  }

  private static void pool(Draft draft, String type) {
    String x = image(draft);
    int[] kernel = kernel(draft, draft.shape(x));
    Attributes attributes = Attributes.of("kernel_shape", kernel);
    boolean strided = draft.random.nextBoolean();
    if (strided) {
      attributes.and("strides", each(kernel.length, () -> draft.upTo(3)));
    }
    if (draft.random.nextBoolean()) {
      attributes.and("pads", pads(draft, kernel));
    }
    if (type.equals("AveragePool") && draft.random.nextBoolean()) {
      attributes.put("count_include_pad", new Attribute.Int(1));
    }
    boolean overlaps = !strided || Arrays.stream(kernel).allMatch(k -> k >= 3);
    if (!type.equals("LpPool") && overlaps && draft.once(3)) {
      attributes.put("ceil_mode", new Attribute.Int(1));
    }
    draft.add(type, attributes.map(), x);
  }

  private static void whole(Draft draft) {
    String type = draft.any(List.of("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"));
    Draft.require(
        !type.equals("GlobalLpPool") || draft.opset < 22, "not in ONNX Runtime from then on");
    String x = image(draft);
    String pooled = draft.add(type, Attributes.NONE, x);
    if (draft.random.nextBoolean()) {
      draft.add("Flatten", Attributes.NONE, pooled);
    }
  }

  private static void padded(Draft draft) {
    String x = image(draft);
    int rank = draft.shape(x).rank();
    long[] pads = new long[2 * rank];
    for (int i = 0; i < pads.length; i++) {
      boolean channels = i % rank < 2;
      int most = Math.min(3, draft.shape(x).dim(i % rank));
      pads[i] = channels && !draft.once(8) ? 0 : draft.random.nextInt(most);
    }
    String mode = draft.any(List.of("constant", "constant", "edge", "reflect"));
    Map<String, Attribute> attributes = Attributes.text("mode", mode);
    if (mode.equals("constant") && draft.once(3)) {
      draft.add("Pad", attributes, x, draft.longs(pads), draft.number(0.5));
    } else {
      draft.add("Pad", attributes, x, draft.longs(pads));
    }
  }

  private static void resized(Draft draft) {
    String x = draft.ranked(4);
    Shape shape = draft.shape(x);
    Attributes attributes = new Attributes();
    boolean nearest = draft.random.nextBoolean();
    attributes.put("mode", new Attribute.Text(nearest ? "nearest" : "linear"));
    String way = draft.any(List.of("half_pixel", "asymmetric", "align_corners"));
    attributes.put("coordinate_transformation_mode", new Attribute.Text(way));
    if (nearest) {
      attributes.put("nearest_mode", new Attribute.Text("floor"));
    }
    if (draft.random.nextBoolean()) {
      float[] scales = {1, 1, draft.upTo(2), draft.upTo(2)};
      String factors = draft.constant(new Constant.Floats(Shape.of(4), scales));
      draft.add("Resize", attributes.map(), x, "", factors);
    } else {
      String sizes =
          draft.longs(
              shape.dim(0), shape.dim(1), draft.upTo(draft.largest), draft.upTo(draft.largest));
      draft.add("Resize", attributes.map(), x, "", "", sizes);
    }
  }

  private static void depthToSpace(Draft draft) {
    String x = draft.value(s -> s.rank() == 4 && s.dim(1) % 4 == 0);
    Attributes attributes = new Attributes().put("blocksize", new Attribute.Int(2));
    attributes.put("mode", new Attribute.Text(draft.any(List.of("DCR", "CRD"))));
    draft.add("DepthToSpace", attributes.map(), x);
  }

  private static void spaceToDepth(Draft draft) {
    String x = draft.value(s -> s.rank() == 4 && s.dim(2) % 2 == 0 && s.dim(3) % 2 == 0);
    draft.add("SpaceToDepth", Attributes.integer("blocksize", 2), x);
  }
}
