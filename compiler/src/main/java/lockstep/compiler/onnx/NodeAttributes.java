// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.List;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import org.jspecify.annotations.Nullable;

/** Attributes of an ONNX node by type, with defaults. */
record NodeAttributes(Node node, Op.Foreign op) {

  long integer(String name, long otherwise) {
    Attribute value = op.attributes().get(name);
    return switch (value) {
      case null -> otherwise;
      case Attribute.Int i -> i.value();
      case Attribute _ -> throw wrong(name);
    };
  }

  boolean flag(String name) {
    return integer(name, 0) != 0;
  }

  float real(String name, float otherwise) {
    Attribute value = op.attributes().get(name);
    return switch (value) {
      case null -> otherwise;
      case Attribute.Real r -> r.value();
      case Attribute _ -> throw wrong(name);
    };
  }

  String text(String name, String otherwise) {
    Attribute value = op.attributes().get(name);
    return switch (value) {
      case null -> otherwise;
      case Attribute.Text t -> t.value();
      case Attribute _ -> throw wrong(name);
    };
  }

  @Nullable List<Long> integers(String name, @Nullable List<Long> otherwise) {
    Attribute value = op.attributes().get(name);
    return switch (value) {
      case null -> otherwise;
      case Attribute.Ints i -> i.values();
      case Attribute _ -> throw wrong(name);
    };
  }

  private RuntimeException wrong(String name) {
    return ForeignTypes.unsupported(node, op, "its attribute '" + name + "' has the wrong type");
  }
}
