// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.GraphCheck;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;

/**
 * A float graph as text, one line a value, and back; equal graphs give equal text.
 *
 * <pre>
 * graph "resnet8" opset 17
 * input "x" : float[1x3x32x32] quantised Encoding(scale=0.02, zeroPoint=-128)
 * const "w" = Floats(shape=16x3x3x3, floats=@5feceb66ffc86f38)
 * "y" : float[1x16x32x32] = Relu("x") node "relu_1" from ["conv_1", "relu_1"]
 * output "result" = "y"
 * </pre>
 */
public final class GraphText {
  private final RecordText records;

  private GraphText(DataPool pool) {
    records = new RecordText(pool, ShapeForms.ALL);
  }

  /** The graph; its long arrays go into {@code pool}. */
  public static String print(Graph graph, DataPool pool) {
    return new GraphText(pool).print(graph);
  }

  private String print(Graph graph) {
    StringBuilder text = new StringBuilder();
    text.append("graph ").append(Lexer.quoted(graph.name()));
    text.append(" opset ").append(graph.opset()).append('\n');
    for (String input : graph.inputs()) {
      text.append("input ").append(value(graph, input)).append('\n');
    }
    for (String name : new TreeSet<>(graph.constants().keySet())) {
      text.append("const ").append(Lexer.quoted(name)).append(quantised(graph, name));
      text.append(" = ").append(records.print(graph.constants().get(name))).append('\n');
    }
    for (Node node : graph.nodes()) {
      text.append(
              node.outputs().stream()
                  .map(o -> o.isEmpty() ? "_" : value(graph, o))
                  .collect(Collectors.joining(", ")))
          .append(" = ")
          .append(records.print(node.op()))
          .append(
              node.inputs().stream()
                  .map(i -> i.isEmpty() ? "_" : Lexer.quoted(i))
                  .collect(Collectors.joining(", ", " (", ")")))
          .append(" node ")
          .append(Lexer.quoted(node.name()))
          .append(" from ")
          .append(records.print(node.source()))
          .append('\n');
    }
    for (Graph.Result output : graph.outputs()) {
      text.append("output ").append(Lexer.quoted(output.name()));
      text.append(" = ").append(Lexer.quoted(output.value())).append('\n');
    }
    return text.toString();
  }

  private String value(Graph graph, String name) {
    return Lexer.quoted(name) + " : " + records.print(graph.type(name)) + quantised(graph, name);
  }

  private String quantised(Graph graph, String value) {
    Encoding known = graph.quantisations().get(value);
    return known == null ? "" : " quantised " + records.print(known);
  }

  /**
   * Reads what {@link #print} wrote, and checks it.
   *
   * @param where the text's file, for messages
   * @throws UserError with line and column, if it is no well-formed graph
   */
  public static Graph parse(String where, String text, DataPool pool) {
    return new Parser(where, text, new GraphText(pool).records).graph();
  }

  private static final class Parser {
    private final String where;
    private final Cursor at;
    private final RecordText records;
    private final List<String> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Graph.Result> outputs = new ArrayList<>();
    private final Map<String, ValueType> types = new HashMap<>();
    private final Map<String, Constant> constants = new HashMap<>();
    private final Map<String, Encoding> quantisations = new HashMap<>();

    Parser(String where, String text, RecordText records) {
      this.where = where;
      this.at = new Cursor(where, text);
      this.records = records;
    }

    Graph graph() {
      at.expect("graph");
      String name = at.name("the graph's name");
      at.expect("opset");
      int opset = records.parse(Integer.class, at);
      at.endOfLine();
      while (!at.atEnd()) {
        line();
        at.endOfLine();
      }
      Graph graph = new Graph(name, opset, inputs, nodes, outputs, types, constants, quantisations);
      try {
        return GraphCheck.require(graph, "reading");
      } catch (IllegalStateException | IllegalArgumentException e) {
        throw new UserError(where + ": " + e.getMessage());
      }
    }

    private void line() {
      if (at.accept("input")) {
        inputs.add(typed());
      } else if (at.accept("const")) {
        String name = at.name("the constant's name");
        quantised(name);
        at.expect("=");
        constants.put(name, records.parse(Constant.class, at));
      } else if (at.accept("output")) {
        String name = at.name("the output's name");
        at.expect("=");
        outputs.add(new Graph.Result(name, at.name("a value")));
      } else {
        nodes.add(node());
      }
    }

    private Node node() {
      List<String> results = new ArrayList<>();
      do {
        results.add(at.accept("_") ? "" : typed());
      } while (at.accept(","));
      at.expect("=");
      Op op = records.parse(Op.class, at);
      List<String> operands = new ArrayList<>();
      at.expect("(");
      while (!at.accept(")")) {
        operands.add(at.accept("_") ? "" : at.name("an operand"));
        if (!at.accept(",")) {
          at.expect(")");
          break;
        }
      }
      at.expect("node");
      String name = at.name("the node's name");
      at.expect("from");
      List<String> source = new ArrayList<>();
      at.expect("[");
      while (!at.accept("]")) {
        source.add(at.name("a node of the model"));
        if (!at.accept(",")) {
          at.expect("]");
          break;
        }
      }
      return new Node(name, op, operands, results, source);
    }

    private String typed() {
      String name = at.name("a value");
      at.expect(":");
      types.put(name, records.parse(ValueType.class, at));
      quantised(name);
      return name;
    }

    private void quantised(String name) {
      if (at.accept("quantised")) {
        quantisations.put(name, records.parse(Encoding.class, at));
      }
    }
  }
}
