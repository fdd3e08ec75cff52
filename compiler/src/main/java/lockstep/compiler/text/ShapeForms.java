// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.network.Window;

/** The short forms of shapes ({@code 1x3x32x32}), types and windows. */
final class ShapeForms {
  static final List<Form<?>> ALL =
      List.of(
          new Form<>(Shape.class, Shape::toString, ShapeForms::shape),
          new Form<>(ValueType.class, ValueType::toString, ShapeForms::type),
          new Form<>(Window.class, ShapeForms::window, ShapeForms::window));

  private ShapeForms() {}

  private static Shape shape(Cursor at) {
    String word = at.word("a shape");
    if (word.equals(Shape.SCALAR.toString())) {
      return Shape.SCALAR;
    }
    return new Shape(Arrays.stream(numbers(at, word)).boxed().toList());
  }

  private static int[] numbers(Cursor at, String word) {
    if (!word.matches("[0-9]{1,9}(x[0-9]{1,9})*")) {
      throw at.mistakeBefore("'" + word + "' is no shape such as 1x3x32x32");
    }
    return Arrays.stream(word.split("x")).mapToInt(Integer::parseInt).toArray();
  }

  private static ValueType type(Cursor at) {
    String word = at.word("a type");
    for (ElementType each : ElementType.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        at.expect("[");
        Shape shape = shape(at);
        at.expect("]");
        return new ValueType(each, shape);
      }
    }
    throw at.mistakeBefore("'" + word + "' is no element type");
  }

  private static String window(Window w) {
    return "%dx%d stride %dx%d dilation %dx%d pads %dx%dx%dx%d"
        .formatted(
            w.kernelH(),
            w.kernelW(),
            w.strideH(),
            w.strideW(),
            w.dilationH(),
            w.dilationW(),
            w.padTop(),
            w.padLeft(),
            w.padBottom(),
            w.padRight());
  }

  private static Window window(Cursor at) {
    int[] kernel = sizes(at, 2);
    at.expect("stride");
    int[] stride = sizes(at, 2);
    at.expect("dilation");
    int[] dilation = sizes(at, 2);
    at.expect("pads");
    int[] pads = sizes(at, 4);
    return new Window(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        dilation[0],
        dilation[1],
        pads[0],
        pads[1],
        pads[2],
        pads[3]);
  }

  static int[] sizes(Cursor at, int count) {
    int[] sizes = numbers(at, at.word(count + " sizes"));
    if (sizes.length != count) {
      throw at.mistakeBefore("expected " + count + " sizes");
    }
    return sizes;
  }
}
