// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lockstep.arch.UserError;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.NetworkCheck;
import lockstep.compiler.network.Tensor;

/**
 * A quantised network as text, one line a layer, and back; equal networks give equal text. A tensor
 * is written out where it begins and by its name wherever it is used.
 *
 * <pre>
 * network "resnet8"
 * input "x" : 1x3x32x32 scale 0.02 zero -128
 * "y" : 1x16x32x32 scale 0.1 zero 0 = Convolution(name="conv_1", input="x", ..., output="y")
 * output "y"
 * </pre>
 */
public final class NetworkText {
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final RecordText records;

  private NetworkText(DataPool pool) {
    Form<Tensor> byName = new Form<>(Tensor.class, t -> Lexer.quoted(t.name()), this::reference);
    records =
        new RecordText(pool, Stream.concat(ShapeForms.ALL.stream(), Stream.of(byName)).toList());
  }

  /** The network; its long arrays go into {@code pool}. */
  public static String print(Network network, DataPool pool) {
    RecordText records = new NetworkText(pool).records;
    StringBuilder text = new StringBuilder();
    text.append("network ").append(Lexer.quoted(network.name())).append('\n');
    for (Tensor input : network.inputs()) {
      text.append("input ").append(definition(input)).append('\n');
    }
    for (Layer layer : network.layers()) {
      text.append(definition(layer.output())).append(" = ");
      text.append(records.print(layer)).append('\n');
    }
    for (List<String> group : network.siblings()) {
      text.append("siblings");
      group.forEach(layer -> text.append(' ').append(Lexer.quoted(layer)));
      text.append('\n');
    }
    for (Tensor output : network.outputs()) {
      text.append("output ").append(Lexer.quoted(output.name())).append('\n');
    }
    return text.toString();
  }

  private static String definition(Tensor t) {
    Tensor.Raw raw = t.raw();
    return Lexer.quoted(t.name())
        + " : %dx%dx%dx%d scale ".formatted(t.n(), t.c(), t.h(), t.w())
        + t.scale()
        + " zero "
        + t.zeroPoint()
        + (t.bits() == Byte.SIZE ? "" : " bits " + t.bits())
        + (raw == null ? "" : " raw " + raw.element() + " below " + raw.below());
  }

  /**
   * Reads what {@link #print} wrote, and checks it.
   *
   * @param where the text's file, for messages
   * @throws UserError with line and column, if it is no well-formed network
   */
  public static Network parse(String where, String text, DataPool pool) {
    return new NetworkText(pool).network(where, new Cursor(where, text));
  }

  private Network network(String where, Cursor at) {
    List<Tensor> inputs = new ArrayList<>();
    List<Layer> layers = new ArrayList<>();
    List<Tensor> outputs = new ArrayList<>();
    List<List<String>> siblings = new ArrayList<>();
    at.expect("network");
    String name = at.name("the network's name");
    at.endOfLine();
    while (!at.atEnd()) {
      if (at.accept("input")) {
        inputs.add(define(at));
      } else if (at.accept("siblings")) {
        siblings.add(siblings(at));
      } else if (at.accept("output")) {
        outputs.add(reference(at));
      } else {
        define(at);
        at.expect("=");
        layers.add(records.parse(Layer.class, at));
      }
      at.endOfLine();
    }
    try {
      return NetworkCheck.require(new Network(name, inputs, layers, outputs, siblings));
    } catch (IllegalStateException e) {
      throw new UserError(where + ": " + e.getMessage());
    }
  }

  private static List<String> siblings(Cursor at) {
    List<String> group = new ArrayList<>();
    while (at.atName()) {
      group.add(at.name("a layer"));
    }
    return List.copyOf(group);
  }

  private Tensor define(Cursor at) {
    String name = at.name("a tensor");
    at.expect(":");
    int[] sizes = ShapeForms.sizes(at, 4);
    at.expect("scale");
    double scale = records.parse(Double.class, at);
    at.expect("zero");
    int zero = records.parse(Integer.class, at);
    int bits = at.accept("bits") ? records.parse(Integer.class, at) : Byte.SIZE;
    Tensor.Raw raw = null;
    if (at.accept("raw")) {
      ElementType element = records.parse(ElementType.class, at);
      at.expect("below");
      raw = new Tensor.Raw(element, records.parse(Long.class, at));
    }
    Tensor tensor =
        new Tensor(name, sizes[0], sizes[1], sizes[2], sizes[3], scale, zero, bits, raw);
    tensors.put(name, tensor);
    return tensor;
  }

  private Tensor reference(Cursor at) {
    String name = at.name("a tensor");
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw at.mistakeBefore("nothing above defines the tensor '" + name + "'");
    }
    return tensor;
  }
}
