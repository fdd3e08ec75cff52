// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Layers that run depth-first: stripe after stripe of output lines goes through all of them.
 *
 * <pre>
 *             layer 1     layer 2     layer 3
 * stripe 1      1           2           3       what lies between the layers of a stripe is small
 * stripe 2      4           5           6       enough to stay in the scratchpad
 * stripe 3      7           8           9
 * </pre>
 *
 * @param lines output lines of a stripe; the last may have fewer
 * @param parts for each layer its contraction in each stripe
 * @param views the tensors of the parts that are no tensors of the network, by name
 */
record Chain(
    ChainShape shape, int lines, List<List<Contraction>> parts, Map<String, LineView> views) {

  int first() {
    return shape.first();
  }

  int last() {
    return shape.last();
  }

  int stripes() {
    return shape.stripes(lines);
  }

  /** The chain in stripes of {@code lines} lines, which can be cut so. */
  static Chain of(ChainShape shape, int lines) {
    return of(shape, lines, IntStream.range(0, shape.stripes(lines)).boxed().toList());
  }

  /** The same with the stripe in the middle only, which no border of the image spares its halo. */
  static Chain sample(ChainShape shape, int lines) {
    return of(shape, lines, List.of(shape.middle(lines)));
  }

  private static Chain of(ChainShape shape, int lines, List<Integer> stripes) {
    List<List<Contraction>> parts = new ArrayList<>();
    shape.layers().forEach(c -> parts.add(new ArrayList<>()));
    Map<String, LineView> views = new LinkedHashMap<>();
    for (int s : stripes) {
      List<LineCut> cuts = shape.demand(shape.stripe(s, lines)).orElseThrow();
      Stripe stripe = new Stripe(shape, s, cuts, views);
      for (int i = 0; i < parts.size(); i++) {
        parts.get(i).add(stripe.part(cuts.get(i)));
      }
    }
    return new Chain(shape, lines, parts, views);
  }

  /** The first rule of {@link ChainCheck} that is broken, if any. */
  Optional<String> verify() {
    return ChainCheck.firstFault(this);
  }

  /** Names the tensors of one stripe. */
  private static final class Stripe {
    private final ChainShape shape;
    private final int index;
    private final Map<String, LineView> views;
    private final Map<String, Lines> computed = new HashMap<>();
    private final Map<String, Tensor> allocations = new HashMap<>();

    Stripe(ChainShape shape, int index, List<LineCut> cuts, Map<String, LineView> views) {
      this.shape = shape;
      this.index = index;
      this.views = views;
      for (LineCut cut : cuts) {
        for (Tensor t : ChainShape.writes(cut.whole())) {
          if (shape.isInner(t)) {
            computed.put(shape.plan().whole(t), cut.out());
          }
        }
      }
      computed.forEach(
          (root, lines) -> {
            Tensor whole = shape.plan().tensor(root);
            String name = fresh(root + "#" + index);
            Tensor t = withLines(whole, name, lines.size());
            allocations.put(root, t);
            views.put(name, new LineView(t, root, t, 0, lines.from()));
          });
    }

    Contraction part(LineCut cut) {
      Contraction c = cut.whole();
      Tensor residual = c.out().residual();
      return cut.on(
          c.sources().stream().map(t -> view(t, cut.read())).toList(),
          residual == null ? null : view(residual, cut.out()),
          ChainShape.writes(c).stream().map(t -> view(t, cut.out())).toList());
    }

    private Tensor view(Tensor t, Lines lines) {
      String root = shape.plan().whole(t);
      Lines there = computed.get(root);
      if (there == null) {
        return lines.equals(Lines.all(t.h()))
            ? t
            : put(t, fresh(t.name() + "[" + range(lines) + "]"), null, lines, 0);
      }
      Tensor stripe = allocations.get(root);
      if (stripe != null && t.name().equals(root) && lines.equals(there)) {
        return stripe;
      }
      String name = fresh(t.name() + "#" + index + "(" + range(lines) + ")");
      return put(t, name, stripe, lines, there.from());
    }

    /** Lines of a tensor in what begins at its line {@code first}. */
    private Tensor put(Tensor t, String name, @Nullable Tensor stripe, Lines lines, int first) {
      Tensor view = withLines(t, name, lines.size());
      views.put(name, new LineView(view, t.name(), stripe, lines.from() - first, lines.from()));
      return view;
    }

    private static String range(Lines lines) {
      return lines.from() + ":" + lines.to();
    }

    /** A name that no tensor of the network has. */
    private String fresh(String name) {
      return shape.plan().shapes().containsKey(name) ? fresh(name + "'") : name;
    }

    private static Tensor withLines(Tensor t, String name, int lines) {
      return new Tensor(
          name, t.n(), t.c(), lines, t.w(), t.scale(), t.zeroPoint(), t.bits(), t.raw());
    }
  }
}
