// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.ImageView;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.isa.FixedPoint;

/**
 * What takes the integers of an input. They lie in memory as the caller wrote them, little-endian,
 * and their bytes are codes.
 *
 * <pre>
 * rows of a table:  last byte -> index from 0 on -> - 0, - 1, .. per channel -> 1 where 0 -> x table
 * floats:           first byte -> x 256 + next byte, saturating -> .. -> codes of the result
 * </pre>
 *
 * <p>Each step is exact: the result has the codes that the host's float would have. An index that
 * is none gives any row, or none.
 */
final class IntegerLowering {
  private static final int CODES = 256;
  private static final int NO_LEAK = 1 << 15;
  private static final Encoding SIGNED = new Encoding(1, 0);
  private static final Encoding UNSIGNED = new Encoding(1, Byte.MIN_VALUE);
  private static final FixedPoint.Scale SAME = FixedPoint.scale(1);

  private final LaneSite site;
  private final Placements placements;
  private final LaneLowering lanes;

  IntegerLowering(LaneSite site, Placements placements, LaneLowering lanes) {
    this.site = site;
    this.placements = placements;
    this.lanes = lanes;
  }

  /**
   * Rows of a table.
   *
   * @param integers what the caller wrote
   */
  Placed chosen(Node node, LanePlan.Chosen plan, Tensor integers) {
    Shape shape = plan.table().shape();
    int rows = shape.dim(plan.axis());
    int outer = Math.toIntExact(shape.product(0, plan.axis()));
    int inner = Math.toIntExact(shape.product(plan.axis() + 1, shape.rank()));
    Tensor last = part(node, integers, 0);
    Tensor index = mapped(node, last, code -> code < 0 ? code + rows : code, SIGNED);
    float[] numbers = new float[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = i;
    }
    ImageView channels = new ImageView(1, rows, 1, 1);
    String names = node.output() + "/rows";
    Tensor row = placements.data(numbers, channels, SIGNED, node.source(), names);
    Tensor away = added(node, index, row, 1, -1, rows);
    Tensor here = mapped(node, away, code -> code == 0 ? 1 : 0, SIGNED);
    int count = here.w();
    int[] order = new int[outer * count * inner];
    for (int i = 0; i < order.length; i++) {
      int channel = i / (count * inner) * inner + i % inner;
      order[i] = channel * count + i / inner % count;
    }
    Tensor like = new Tensor("", 1, outer * inner, 1, count, 1, 0);
    Placed at = Placed.of(like, order);
    Tensor y = lanes.result(node.output(), at);
    site.add(product(node, here, plan.table(), outer, rows, inner, y));
    return new Placed(y, at.order());
  }

  /** The product of one-hot rows with a table's codes; its zero point goes in as a bias. */
  private static Layer.Convolution product(
      Node node, Tensor x, Constant table, int outer, int rows, int inner, Tensor y) {
    float[] values = table.floats();
    byte[] weights = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      int channel = i / (rows * inner) * inner + i % inner;
      weights[channel * rows + i / inner % rows] = (byte) y.encode(values[i]);
    }
    int[] bias = new int[outer * inner];
    int[] multipliers = new int[bias.length];
    int[] shifts = new int[bias.length];
    Arrays.fill(bias, -y.zeroPoint());
    Arrays.fill(multipliers, SAME.multiplier());
    Arrays.fill(shifts, SAME.shift());
    Output out =
        new Output(null, multipliers, shifts, null, 0, NO_LEAK, 0, y.least(), y.greatest());
    return new Layer.Convolution(
        node.name(), node.source(), x, weights, bias, 1, Window.POINT, out, y);
  }

  /**
   * The integers as floats, those beyond the codes of a byte as the nearest of these.
   *
   * @param integers what the caller wrote
   */
  Placed converted(Node node, LanePlan.Converted plan, Tensor integers) {
    int bytes = plan.element().bytes();
    Tensor whole = part(node, integers, bytes - 1);
    for (int i = bytes - 2; i >= 0; i--) {
      Tensor next = part(node, integers, i);
      Tensor unsigned = mapped(node, next, code -> code ^ Byte.MIN_VALUE, UNSIGNED);
      whole = added(node, whole, unsigned, CODES, 1, 1);
    }
    boolean signed = plan.element() != ElementType.UINT8 && plan.element() != ElementType.BOOL;
    Tensor y = lanes.result(node.output(), Placed.whole(whole));
    byte[] table = new byte[CODES];
    for (int i = 0; i < CODES; i++) {
      byte code = (byte) (i + Byte.MIN_VALUE);
      table[i] = (byte) y.encode(signed ? code : Byte.toUnsignedInt(code));
    }
    site.add(new LaneLayer.Lookup(node.name(), node.source(), whole, table, y));
    return Placed.whole(y);
  }

  /** Byte {@code i} of each integer, as a code of one channel of a line. */
  private Tensor part(Node node, Tensor integers, int i) {
    int bytes = Objects.requireNonNull(integers.raw()).element().bytes();
    if (bytes == Byte.BYTES) {
      return integers;
    }
    int count = integers.w() / bytes;
    int[] order = new int[count];
    Arrays.setAll(order, at -> at * bytes + i);
    Shape shape = Shape.of(1, 1, 1, count);
    return placements.brought(
        new Placed(integers, order),
        shape,
        ImageView.of(shape),
        node.source(),
        site.unique(node.output() + "/byte"),
        0);
  }

  private Tensor mapped(Node node, Tensor x, IntUnaryOperator function, Encoding q) {
    byte[] table = new byte[CODES];
    for (int i = 0; i < CODES; i++) {
      table[i] = (byte) function.applyAsInt(i + Byte.MIN_VALUE);
    }
    Tensor y = tensor(site.unique(node.output() + "/mapped"), x.c(), x.w(), q);
    site.add(new LaneLayer.Lookup(y.name(), node.source(), x, table, y));
    return y;
  }

  private Tensor added(Node node, Tensor l, Tensor r, int left, int right, int channels) {
    Tensor y = tensor(site.unique(node.output() + "/sum"), channels, l.w(), SIGNED);
    List<String> source = node.source();
    site.add(
        new LaneLayer.Elementwise(
            y.name(),
            source,
            LaneLayer.Combination.ADD,
            l,
            r,
            left,
            right,
            SAME.multiplier(),
            SAME.shift(),
            y.least(),
            y.greatest(),
            y));
    return y;
  }

  private static Tensor tensor(String name, int channels, int columns, Encoding q) {
    return new Tensor(name, 1, channels, 1, columns, q.scale(), q.zeroPoint());
  }
}
