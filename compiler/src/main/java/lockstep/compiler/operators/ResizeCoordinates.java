// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

/** Where an element of a resized dimension was before, as ONNX's Resize names the ways. */
final class ResizeCoordinates {
  private ResizeCoordinates() {}

  /** In single precision, in which ties of {@link #nearest} are decided elsewhere too. */
  static float original(String transform, int i, float scale, int from, int to) {
    return switch (transform) {
      case "asymmetric" -> i / scale;
      case "half_pixel" -> (i + 0.5f) / scale - 0.5f;
      case "pytorch_half_pixel" -> to > 1 ? (i + 0.5f) / scale - 0.5f : 0;
      case "align_corners" -> to == 1 ? 0 : (float) i * (from - 1) / (to - 1);
      case "half_pixel_symmetric" -> {
        float adjustment = to / (scale * from);
        float centre = from / 2f;
        yield centre * (1 - adjustment) + (i + 0.5f) / scale - 0.5f;
      }
      case String other ->
          throw new IllegalArgumentException("coordinate_transformation_mode = " + other);
    };
  }

  static int nearest(String rounding, float at, float scale) {
    return switch (rounding) {
      case "floor" -> (int) Math.floor(at);
      case "ceil" -> (int) Math.ceil(at);
      case "round_prefer_floor" -> (int) Math.ceil(at - 0.5f);
      case "round_prefer_ceil" -> (int) Math.floor(at + 0.5f);
      // Resize 10 rounded up where it made a dimension smaller
      case "simple" -> (int) (scale < 1 ? Math.ceil(at) : at);
      case String other -> throw new IllegalArgumentException("nearest_mode = " + other);
    };
  }
}
