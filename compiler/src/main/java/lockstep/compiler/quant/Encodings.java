// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Quantisation;
import org.jspecify.annotations.Nullable;

/**
 * Chooses each value's int8 encoding. What a model prescribes holds; otherwise asymmetric from the
 * calibrated range, which always includes 0. Values that are joined or copied share one encoding:
 * the inputs and the output of a Concat, both sides of a max-pooling, of zero padding and of a
 * reshape. Operands of a product of activations have zero point 0.
 */
final class Encodings {
  private static final double SMALLEST_SCALE = 0x1p-100;

  private final Graph graph;
  private final Map<String, String> parents = new HashMap<>();
  private final Map<String, Quantisation> prescribed;
  private final Map<String, Calibration.Range> ranges = new HashMap<>();
  private final Set<String> symmetric = new HashSet<>();

  Encodings(Graph graph, Map<String, Calibration.Range> calibrated) {
    this.graph = graph;
    this.prescribed = new HashMap<>(graph.quantisations());
    ranges.putAll(calibrated);
    for (Node node : graph.nodes()) {
      switch (node.op()) {
        case Op.Concat _ -> node.inputs().forEach(i -> share(i, node.output()));
        case Op.Reshape _, Op.Transpose _ -> share(node.input(), node.output());
        case Op.Conv conv when copies(conv, graph.constants().get(node.inputs().get(1))) ->
            share(node.input(), node.output());
        case Op.Product _ -> node.inputs().forEach(i -> symmetric.add(root(i)));
        case Op _ -> {}
      }
    }
  }

  /** Whether the output's bytes are some of the input's, given the same encoding. */
  private static boolean copies(Op.Conv conv, @Nullable Constant weights) {
    return !conv.residual()
        && conv.activation().equals(Activation.NONE)
        && conv.window().kernelH() == 1
        && conv.window().kernelW() == 1
        && weights instanceof Constant.Splat splat
        && splat.value() == 1
        && conv.groups() == splat.shape().dim(0);
  }

  private void share(String a, String b) {
    if (graph.constants().containsKey(a)) {
      return;
    }
    String p = root(a);
    String q = root(b);
    Quantisation x = prescribed.get(p);
    Quantisation y = prescribed.get(q);
    if (p.equals(q) || (x != null && y != null && !x.equals(y))) {
      return;
    }
    parents.put(q, p);
    if (y != null) {
      prescribed.put(p, y);
    }
    if (symmetric.contains(q)) {
      symmetric.add(p);
    }
    Calibration.Range range = ranges.get(q);
    if (range != null) {
      ranges.merge(p, range, Calibration.Range::union);
    }
  }

  private String root(String value) {
    String at = value;
    for (String parent = parents.get(at); parent != null; parent = parents.get(at)) {
      at = parent;
    }
    return at;
  }

  Quantisation of(String value) {
    String root = root(value);
    Quantisation known = prescribed.get(root);
    return known != null
        ? known
        : chosen(Objects.requireNonNull(ranges.get(root), value), symmetric.contains(root));
  }

  static Quantisation chosen(Calibration.Range range, boolean symmetric) {
    double min = Math.min(0, (double) range.min());
    double max = Math.max(0, (double) range.max());
    if (symmetric) {
      double magnitude = Math.max(-min, max);
      return new Quantisation(magnitude == 0 ? 1 : Math.max(SMALLEST_SCALE, magnitude / 127), 0);
    }
    if (min == max) {
      return new Quantisation(1, 0);
    }
    double scale = Math.max(SMALLEST_SCALE, (max - min) / 255);
    int zeroPoint = (int) Math.clamp(Math.rint(-128 - min / scale), -128, 127);
    return new Quantisation(scale, zeroPoint);
  }
}
