// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/**
 * What the lowering of one layer knows: the problem, how it is mapped, and where its tensors lie.
 *
 * @param sources of the contraction's sources, in their order
 * @param right of the right operand of a matrix product, or null
 * @param residual of the tensor added to the output, or null
 * @param holdsWeights the weights stay in the array for all taps
 * @param keptInput the source where it is in the scratchpad, else null
 * @param keptResidual the same of the tensor added
 * @param targets where the results go, in their order
 * @param fromEnd what is loaded fills its regions from the end: every second layer does, so that
 *     its first operands are loaded while the layer before still reads its last ones
 */
record LayerPlan(
    SystolicArchitecture arch,
    Contraction contraction,
    Mapping mapping,
    List<Placement> sources,
    @Nullable Placement right,
    @Nullable Placement residual,
    boolean holdsWeights,
    @Nullable OnChip keptInput,
    @Nullable OnChip keptResidual,
    List<Target> targets,
    boolean fromEnd) {

  /**
   * Where a result lies.
   *
   * @param kept its place in the scratchpad, null if it goes to memory
   * @param first whether nothing before writes its allocation
   */
  record Target(
      Contraction.Result result, Placement placement, @Nullable OnChip kept, boolean first) {}

  /**
   * The plan of a layer.
   *
   * @param written allocations that layers before it write; its own are added
   */
  static LayerPlan of(
      SystolicArchitecture arch,
      Contraction c,
      Mapping m,
      MemoryPlan memory,
      Set<String> written,
      boolean fromEnd) {
    List<Target> targets = new ArrayList<>();
    for (Contraction.Result r : c.results()) {
      Placement p = memory.placement(r.tensor());
      targets.add(new Target(r, p, memory.onChip(r.tensor()), written.add(p.root())));
    }
    return new LayerPlan(
        arch,
        c,
        m,
        c.sources().stream().map(memory::placement).toList(),
        c.right() == null ? null : memory.placement(c.right()),
        c.out().residual() == null ? null : memory.placement(c.out().residual()),
        LayerShape.holdsWeights(c, m),
        c.sources().size() == 1 ? memory.onChip(c.sources().getFirst()) : null,
        c.out().residual() == null ? null : memory.onChip(c.out().residual()),
        List.copyOf(targets),
        fromEnd);
  }

  /** Output channels of a block. */
  int width(int block) {
    return Math.min(cols(), contraction.outChannels() - block * cols());
  }

  /** Where a block of output channels goes. */
  Target target(int block) {
    int at = 0;
    while (at + 1 < targets.size()
        && targets.get(at + 1).result().firstChannel() <= block * cols()) {
      at++;
    }
    return targets.get(at);
  }

  int cols() {
    return arch.array().cols();
  }

  /** Kernel lines that an execute walks through; those of patches lie in the lanes. */
  int tapsH() {
    return mapping.patches() ? 1 : contraction.window().kernelH();
  }

  /** Kernel columns that an execute walks through. */
  int tapsW() {
    return mapping.patches() ? 1 : contraction.window().kernelW();
  }

  /** Taps that have weights of their own. */
  int weightTaps() {
    return holdsWeights ? 1 : tapsH() * tapsW();
  }

  /** Whether each input line of a patch is read once; see {@link Replay}. */
  boolean replays() {
    return LayerShape.replays(arch, contraction, mapping);
  }

  /** What the results of {@code tile} read. */
  InputPlane plane(PixelTile tile) {
    return InputPlane.of(
        contraction, mapping.patches(), tile.convY(), tile.convX(), tile.convH(), tile.convW());
  }
}
