// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import lockstep.compiler.network.Tensor;

/**
 * Consecutive layers of a stretch that can be run in stripes of output lines.
 *
 * <pre>
 * x --> [ layer --> a --> layer --> b --> layer ] --> y
 *                   |                      ^
 *                   +----------------------+
 * inner   a, b: written and read here only; of a stripe only the lines that it needs exist
 * outer   x, y: whole, in memory or in the scratchpad; each stripe reads and writes lines of them
 * </pre>
 *
 * @param first first layer, by its index in the stretch
 * @param last last layer
 * @param inner names of the inner allocations
 * @param height lines of all that the layers write for others
 */
record ChainShape(
    Stretch stretch, MemoryPlan plan, int first, int last, Set<String> inner, int height) {

  List<Contraction> layers() {
    return stretch.layers().subList(first, last + 1);
  }

  /**
   * What layers {@code first} to {@code last} are as a chain, if they are one.
   *
   * @param uses of the allocations of the whole stretch
   */
  static Optional<ChainShape> of(
      Stretch stretch, MemoryPlan plan, AllocationUses uses, int first, int last) {
    Set<String> inner = new HashSet<>();
    int height = 0;
    List<Contraction> layers = stretch.layers().subList(first, last + 1);
    for (Contraction c : layers) {
      Set<String> written = new HashSet<>();
      c.results().forEach(r -> written.add(plan.whole(r.tensor())));
      if (written.stream().allMatch(root -> uses.within(root, first, last))) {
        inner.addAll(written);
      } else if (written.stream().anyMatch(root -> uses.within(root, first, last))
          || height != 0 && height != c.output().h()
          || writesWhatIsRead(c, layers, plan)) {
        return Optional.empty();
      } else {
        height = c.output().h();
      }
    }
    boolean tight =
        writes(layers.getFirst()).stream().anyMatch(t -> inner.contains(plan.whole(t)))
            && read(layers.getLast()).stream().anyMatch(t -> inner.contains(plan.whole(t)));
    return tight && height > 1
        ? Optional.of(new ChainShape(stretch, plan, first, last, inner, height))
        : Optional.empty();
  }

  /** Whether a layer reads channels that {@code writer} writes for others, too. */
  private static boolean writesWhatIsRead(
      Contraction writer, List<Contraction> layers, MemoryPlan plan) {
    for (Tensor out : writes(writer)) {
      int from = plan.channel(out);
      for (Contraction c : layers) {
        for (Tensor t : read(c)) {
          int channel = plan.channel(t);
          if (plan.whole(t).equals(plan.whole(out))
              && (plan.imageChannels(t) != plan.imageChannels(out)
                  || channel < from + out.c() && from < channel + t.c())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  static List<Tensor> writes(Contraction c) {
    return c.results().stream().map(Contraction.Result::tensor).toList();
  }

  static List<Tensor> read(Contraction c) {
    List<Tensor> read = new ArrayList<>(c.sources());
    if (c.out().residual() != null) {
      read.add(c.out().residual());
    }
    return read;
  }

  boolean isInner(Tensor t) {
    return inner.contains(plan.whole(t));
  }

  /** Stripes of at most {@code lines} output lines. */
  int stripes(int lines) {
    return Math.ceilDiv(height, lines);
  }

  /** Output lines of a stripe. */
  Lines stripe(int index, int lines) {
    return new Lines(index * lines, Math.min(height, (index + 1) * lines));
  }

  int middle(int lines) {
    return (stripes(lines) - 1) / 2;
  }

  /** Whether every layer has something to read in every stripe, not only padding. */
  boolean cuttable(int lines) {
    for (int s = 0; s < stripes(lines); s++) {
      if (demand(stripe(s, lines)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /**
   * What each layer has to compute so that the chain ends in some lines; empty if a layer would
   * read nothing but padding.
   */
  Optional<List<LineCut>> demand(Lines out) {
    Map<String, Lines> needed = new HashMap<>();
    List<LineCut> cuts = new ArrayList<>();
    Map<String, Lines> before;
    do {
      before = Map.copyOf(needed);
      cuts.clear();
      for (int i = last; i >= first; i--) {
        Contraction c = stretch.layers().get(i);
        Lines lines = computed(c, out, needed);
        if (lines.isEmpty()) {
          return Optional.empty();
        }
        LineCut cut = LineCut.of(c, lines);
        if (cut.read().isEmpty()) {
          return Optional.empty();
        }
        cuts.addFirst(cut);
        writes(c).forEach(t -> need(needed, t, lines));
        c.sources().forEach(t -> need(needed, t, cut.read()));
        if (c.out().residual() != null) {
          need(needed, Objects.requireNonNull(c.out().residual()), lines);
        }
      }
    } while (!needed.equals(before));
    return Optional.of(cuts);
  }

  /** The lines of all that a layer writes: what is needed of any of it. */
  private Lines computed(Contraction c, Lines out, Map<String, Lines> needed) {
    Lines lines = new Lines(0, 0);
    for (Tensor t : writes(c)) {
      Lines each = isInner(t) ? needed.get(plan.whole(t)) : out;
      if (each != null) {
        lines = lines.isEmpty() ? each : lines.union(each);
      }
    }
    return lines;
  }

  private void need(Map<String, Lines> needed, Tensor t, Lines lines) {
    if (isInner(t)) {
      needed.merge(plan.whole(t), lines, Lines::union);
    }
  }
}
