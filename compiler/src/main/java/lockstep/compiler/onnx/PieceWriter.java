// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.onnx.OnnxWriter.Detached;

/**
 * Writes a piece of a graph as an ONNX model whose outputs are what later pieces read and what is
 * to be known of the watched values.
 */
public final class PieceWriter {
  /** The output of {@link #ranges}. */
  public static final String RANGES = "lockstep:ranges";

  private static final int JOINED_AT_ONCE = 32;

  private final GraphPiece piece;
  private final OnnxWriter writer;

  private PieceWriter(GraphPiece piece) {
    this.piece = piece;
    this.writer = new OnnxWriter(piece.graph(), piece.opset(), true);
    writer.head();
  }

  /**
   * With the least and the greatest element of each watched value.
   *
   * <p>What ONNX Runtime takes to open a model grows with its nodes times its outputs, with the
   * square of a node's inputs, and with nodes that could run long before they are listed. So there
   * is one output, {@link #RANGES}, joined by a tree of nodes with few inputs, and each value's
   * nodes follow it.
   *
   * @return a model that has an output [2 watched][1], least 0, greatest 0, least 1, ..., unless
   *     nothing is watched
   */
  public static Detached ranges(GraphPiece piece) {
    return new PieceWriter(piece).ranges();
  }

  /** With the watched values, as outputs {@link #value}. */
  public static Detached values(GraphPiece piece) {
    return new PieceWriter(piece).values();
  }

  /** The output of {@link #values} for the i-th watched value. */
  public static String value(int i) {
    return "value:" + i;
  }

  private Detached ranges() {
    Constant row = new Constant.Integers(ElementType.INT64, Shape.of(2), new long[] {1, -1});
    String dims = writer.constant(writer.fresh("range/dims"), row);
    Map<String, List<String>> ends = new HashMap<>();
    Set<String> wanted = new HashSet<>(piece.watched());
    piece.graph().inputs().stream()
        .filter(wanted::contains)
        .forEach(v -> ends.put(v, range(v, dims)));
    for (Node node : piece.graph().nodes()) {
      writer.node(node);
      node.outputs().stream().filter(wanted::contains).forEach(v -> ends.put(v, range(v, dims)));
    }
    List<String> all =
        piece.watched().stream()
            .flatMap(v -> Objects.requireNonNull(ends.get(v), v).stream())
            .toList();
    int rows = all.size();
    while (all.size() > JOINED_AT_ONCE) {
      all = joined(all);
    }
    if (rows > 0) {
      writer.node("Concat", all, RANGES, alongRows());
      writer.output(RANGES, ValueType.floats(rows, 1));
    }
    return detached();
  }

  private List<String> joined(List<String> rows) {
    List<String> joined = new ArrayList<>();
    for (int i = 0; i < rows.size(); i += JOINED_AT_ONCE) {
      String part = writer.fresh("ranges/" + rows.size() + "/" + i);
      List<String> operands = rows.subList(i, Math.min(i + JOINED_AT_ONCE, rows.size()));
      writer.node("Concat", operands, part, alongRows());
      joined.add(part);
    }
    return joined;
  }

  private static SortedMap<String, Attribute> alongRows() {
    return OnnxWriter.attributes("axis", new Attribute.Int(0));
  }

  private List<String> range(String value, String dims) {
    String flat = writer.fresh(value + "/flat");
    String least = writer.fresh(value + "/least");
    String greatest = writer.fresh(value + "/greatest");
    writer.node("Reshape", List.of(value, dims), flat, OnnxWriter.attributes());
    writer.node("ReduceMin", List.of(flat), least, OnnxWriter.attributes());
    writer.node("ReduceMax", List.of(flat), greatest, OnnxWriter.attributes());
    return List.of(least, greatest);
  }

  private Detached values() {
    piece.graph().nodes().forEach(writer::node);
    for (int i = 0; i < piece.watched().size(); i++) {
      String watched = piece.watched().get(i);
      writer.node("Identity", List.of(watched), value(i), OnnxWriter.attributes());
      writer.output(value(i), piece.graph().type(watched));
    }
    return detached();
  }

  private Detached detached() {
    piece.graph().outputs().forEach(o -> writer.output(o.name(), piece.graph().type(o.value())));
    return writer.detached();
  }
}
