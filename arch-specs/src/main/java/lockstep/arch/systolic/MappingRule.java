// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.systolic;

import java.util.List;
import lockstep.arch.MappingEntry;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import org.jspecify.annotations.Nullable;

/**
 * How the user wants some layers to be mapped: one entry of the block {@code mapping:} of a spec.
 * What is null is left to the search.
 *
 * @param match name of a layer as reports show it; {@code *} stands for any characters, {@code ?}
 *     for one
 * @param dataflow which operand stays in the array
 * @param patches the reduction is laid out as patches of image lines, not as channels
 * @param tileH output lines of a tile, after pooling
 * @param tileW output columns of a tile, after pooling
 * @param reductionTiles tiles of the reduction that are loaded at a time
 * @param outputBlocks blocks of output channels that are accumulated at a time
 * @param weightsOuter output blocks in the outer loop, pixels in the inner
 * @param activationBanks scratchpad banks for activations
 * @param weightBanks scratchpad banks for weights
 * @param residualBanks scratchpad banks for residuals
 * @param depthFirst whether it is in a chain of layers that runs in stripes: never, or wherever it
 *     can be
 */
public record MappingRule(
    String match,
    @Nullable Dataflow dataflow,
    @Nullable Boolean patches,
    @Nullable Integer tileH,
    @Nullable Integer tileW,
    @Nullable Integer reductionTiles,
    @Nullable Integer outputBlocks,
    @Nullable Boolean weightsOuter,
    @Nullable Integer activationBanks,
    @Nullable Integer weightBanks,
    @Nullable Integer residualBanks,
    @Nullable Boolean depthFirst)
    implements MappingEntry<MappingRule> {

  /** Leaves everything to the search. */
  public static final MappingRule FREE =
      new MappingRule("*", null, null, null, null, null, null, null, null, null, null, null);

  /** Forbids every layer to run in stripes with its neighbours. */
  public static final MappingRule WITHOUT_STRIPES =
      new MappingRule("*", null, null, null, null, null, null, null, null, null, null, false);

  /** What the rules say of a layer: for each choice the last rule that makes it and matches. */
  public static MappingRule of(List<MappingRule> rules, String layer) {
    return MappingEntry.of(rules, layer, FREE);
  }

  @Override
  public MappingRule over(MappingRule o) {
    return new MappingRule(
        match,
        dataflow == null ? o.dataflow : dataflow,
        patches == null ? o.patches : patches,
        tileH == null ? o.tileH : tileH,
        tileW == null ? o.tileW : tileW,
        reductionTiles == null ? o.reductionTiles : reductionTiles,
        outputBlocks == null ? o.outputBlocks : outputBlocks,
        weightsOuter == null ? o.weightsOuter : weightsOuter,
        activationBanks == null ? o.activationBanks : activationBanks,
        weightBanks == null ? o.weightBanks : weightBanks,
        residualBanks == null ? o.residualBanks : residualBanks,
        depthFirst == null ? o.depthFirst : depthFirst);
  }

  /** Whether a layer's mapping, by itself or in stripes, is left to the search. */
  public boolean free() {
    return equals(
        new MappingRule(
            match, null, null, null, null, null, null, null, null, null, null, depthFirst));
  }
}
