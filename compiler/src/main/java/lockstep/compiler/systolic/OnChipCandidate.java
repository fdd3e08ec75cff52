// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.systolic.Kept.Border;

/**
 * An allocation that could stay in the scratchpad during a stretch of layers.
 *
 * @param name of the allocation
 * @param kept its shape there, at row 0; of what a chain has only lines of, that of each stripe
 * @param first the layer of the stretch that writes it first
 * @param last the layer that reads it last
 * @param saved bytes that memory need not move
 * @param activations layers that stream it through the array
 * @param residuals layers that add it to their results
 */
record OnChipCandidate(
    String name,
    List<Kept> kept,
    int first,
    int last,
    long saved,
    Set<Integer> activations,
    Set<Integer> residuals) {

  /** Rows that it takes. */
  long rows() {
    return kept.stream().mapToLong(Kept::size).max().orElse(0);
  }

  /** What is to be known for placing it. */
  OnChipProblem.Item item() {
    return new OnChipProblem.Item(
        name, Math.toIntExact(rows()), first, last, saved, activations, residuals);
  }

  /**
   * The allocations of a stretch that the machine can keep.
   *
   * <pre>
   * not kept   what the host, another stretch or the model's user reads or writes
   *            the right operand of a product, one of several sources, both operands of a layer
   *            channels that do not begin a scratchpad row where a reader needs them to
   * </pre>
   *
   * <p>What all stripes of a chain share lives while any of them runs.
   *
   * @param from first layer to look at
   * @param to last layer
   */
  static List<OnChipCandidate> of(
      int rows, int cols, Stretch stretch, MemoryPlan plan, int from, int to) {
    Map<String, Draft> drafts = new LinkedHashMap<>();
    for (int i = from; i <= to; i++) {
      Chain chain = stretch.chain(i);
      Lines whole = chain == null ? new Lines(i, i) : new Lines(chain.first(), chain.last());
      for (Contraction c : stretch.parts(i)) {
        for (Tensor t : c.sources()) {
          draft(drafts, plan, t)
              .heads(plan.imageChannels(t), rows)
              .activation(i, c, plan, t, rows, cols)
              .read(plan.striped(t) ? i : whole.to(), t);
        }
        if (c.right() != null) {
          draft(drafts, plan, c.right()).possible = false;
        }
        if (c.out().residual() != null) {
          Tensor t = c.out().residual();
          draft(drafts, plan, t)
              .heads(plan.imageChannels(t), rows)
              .residual(i, plan.channel(t), t, rows, cols)
              .read(plan.striped(t) ? i : whole.to(), t);
        }
        for (Contraction.Result r : c.results()) {
          boolean striped = plan.striped(r.tensor());
          draft(drafts, plan, r.tensor())
              .allocation(plan.allocation(r.tensor()))
              .written(striped ? i : whole.from(), striped ? i : whole.to(), r.tensor());
        }
      }
    }
    List<OnChipCandidate> candidates = new ArrayList<>();
    for (Draft d : drafts.values()) {
      boolean aligned = rows % cols == 0 || d.whole.c() <= Math.min(rows, cols);
      if (aligned && d.possible() && !stretch.external().contains(d.whole.name())) {
        candidates.add(d.candidate(rows));
      }
    }
    return candidates;
  }

  private static Draft draft(Map<String, Draft> drafts, MemoryPlan plan, Tensor t) {
    return drafts.computeIfAbsent(plan.whole(t), root -> new Draft(plan.tensor(root)));
  }

  /** What is known of an allocation while the layers are looked through. */
  private static final class Draft {
    final Tensor whole;
    boolean possible = true;
    final Map<String, Tensor> allocations = new LinkedHashMap<>();
    final Map<String, Border> borders = new HashMap<>();
    final Set<Integer> activations = new TreeSet<>();
    final Set<Integer> residuals = new TreeSet<>();
    int first = -1;
    int last = -1;
    long saved;

    Draft(Tensor whole) {
      this.whole = whole;
    }

    /** Where a reader counts images in another way, they are whole rows on both sides. */
    Draft heads(int imageChannels, int rows) {
      possible &=
          imageChannels == whole.c() || (imageChannels % rows == 0 && whole.c() % rows == 0);
      return this;
    }

    Draft allocation(Tensor t) {
      allocations.put(t.name(), t);
      return this;
    }

    void written(int from, int to, Tensor t) {
      first = first < 0 ? from : first;
      last = Math.max(last, to);
      saved += t.bytes();
    }

    Draft activation(int layer, Contraction c, MemoryPlan plan, Tensor t, int rows, int cols) {
      int channel = plan.channel(t);
      Window k = c.window();
      possible &= c.sources().size() == 1 && !residuals.contains(layer);
      for (Slab slab : Slab.of(c, cols)) {
        possible &= (channel + slab.fromChannel()) % rows == 0;
      }
      Border border =
          new Border(
              k.padTop(),
              k.padLeft(),
              beyond(c.convH(), k.strideH(), k.padTop(), k.kernelH(), k.dilationH(), t.h()),
              beyond(c.convW(), k.strideW(), k.padLeft(), k.kernelW(), k.dilationW(), t.w()));
      borders.merge(plan.allocation(t).name(), border, Border::union);
      activations.add(layer);
      return this;
    }

    /** Pixels after the last real one that the last result reads. */
    private static int beyond(
        int results, int stride, int pad, int kernel, int dilation, int size) {
      return Math.max(0, (results - 1) * stride - pad + (kernel - 1) * dilation + 1 - size);
    }

    Draft residual(int layer, int channel, Tensor t, int rows, int cols) {
      possible &= !activations.contains(layer) && channel % rows == 0;
      possible &= cols == rows || t.c() <= Math.min(cols, rows);
      residuals.add(layer);
      return this;
    }

    void read(int layer, Tensor t) {
      last = Math.max(last, layer);
      saved += t.bytes();
      possible &= first >= 0;
    }

    boolean possible() {
      return possible && first >= 0 && last > first;
    }

    OnChipCandidate candidate(int rowChannels) {
      List<Kept> kept = new ArrayList<>();
      for (Tensor t : allocations.values()) {
        Border border = borders.getOrDefault(t.name(), Border.NONE);
        kept.add(new Kept(t, 0, rowChannels, border));
      }
      return new OnChipCandidate(
          whole.name(), List.copyOf(kept), first, last, saved, activations, residuals);
    }
  }
}
