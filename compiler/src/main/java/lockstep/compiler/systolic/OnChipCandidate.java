// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;
import lockstep.compiler.systolic.Kept.Border;

/**
 * An allocation that could stay in the scratchpad during a stretch of layers.
 *
 * @param kept its shape there, at row 0
 * @param first the layer of the stretch that writes it first
 * @param last the layer that reads it last
 * @param saved bytes that memory need not move
 * @param activations layers that stream it through the array
 * @param residuals layers that add it to their results
 */
record OnChipCandidate(
    Kept kept, int first, int last, long saved, Set<Integer> activations, Set<Integer> residuals) {

  String name() {
    return kept.tensor().name();
  }

  /** What is to be known for placing it. */
  OnChipProblem.Item item() {
    return new OnChipProblem.Item(
        name(), Math.toIntExact(kept.size()), first, last, saved, activations, residuals);
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
   * @param external names of the allocations that have to be in memory
   */
  static List<OnChipCandidate> of(
      int rows, int cols, List<Contraction> stretch, MemoryPlan plan, Set<String> external) {
    Map<String, Draft> drafts = new LinkedHashMap<>();
    for (int i = 0; i < stretch.size(); i++) {
      Contraction c = stretch.get(i);
      for (Tensor t : c.sources()) {
        draft(drafts, plan, t)
            .heads(plan.imageChannels(t), rows)
            .activation(i, c, plan.channel(t), t, rows, cols);
      }
      if (c.right() != null) {
        draft(drafts, plan, c.right()).possible = false;
      }
      if (c.out().residual() != null) {
        Tensor t = c.out().residual();
        draft(drafts, plan, t)
            .heads(plan.imageChannels(t), rows)
            .residual(i, plan.channel(t), t, rows, cols);
      }
      for (Contraction.Result r : c.results()) {
        draft(drafts, plan, r.tensor()).written(i, r.tensor());
      }
    }
    List<OnChipCandidate> candidates = new ArrayList<>();
    for (Draft d : drafts.values()) {
      boolean aligned = rows % cols == 0 || d.whole.c() <= Math.min(rows, cols);
      if (aligned && d.possible() && !external.contains(d.whole.name())) {
        candidates.add(d.candidate(rows));
      }
    }
    return candidates;
  }

  private static Draft draft(Map<String, Draft> drafts, MemoryPlan plan, Tensor t) {
    Placement p = plan.placement(t);
    return drafts.computeIfAbsent(p.root(), root -> new Draft(plan.tensor(root)));
  }

  /** What is known of an allocation while the layers are looked through. */
  private static final class Draft {
    final Tensor whole;
    boolean possible = true;
    final Map<Integer, Border> activations = new TreeMap<>();
    final Set<Integer> residuals = new java.util.TreeSet<>();
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

    void written(int layer, Tensor t) {
      first = first < 0 ? layer : first;
      last = Math.max(last, layer);
      saved += t.bytes();
    }

    void activation(int layer, Contraction c, int channel, Tensor t, int rows, int cols) {
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
      activations.merge(layer, border, Border::union);
      read(layer, t);
    }

    /** Pixels after the last real one that the last result reads. */
    private static int beyond(
        int results, int stride, int pad, int kernel, int dilation, int size) {
      return Math.max(0, (results - 1) * stride - pad + (kernel - 1) * dilation + 1 - size);
    }

    void residual(int layer, int channel, Tensor t, int rows, int cols) {
      possible &= !activations.containsKey(layer) && channel % rows == 0;
      possible &= cols == rows || t.c() <= Math.min(cols, rows);
      residuals.add(layer);
      read(layer, t);
    }

    private void read(int layer, Tensor t) {
      last = layer;
      saved += t.bytes();
      possible &= first >= 0;
    }

    boolean possible() {
      return possible && first >= 0 && last > first;
    }

    OnChipCandidate candidate(int rowChannels) {
      Border border = activations.values().stream().reduce(Border.NONE, Border::union);
      return new OnChipCandidate(
          new Kept(whole, 0, rowChannels, border),
          first,
          last,
          saved,
          activations.keySet(),
          residuals);
    }
  }
}
