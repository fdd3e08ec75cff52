// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.arch.systolic.SystolicArchitecture.Dataflow;

/**
 * How one contraction is laid over time and memories.
 *
 * <pre>
 * for slab                                     channels and output blocks that belong together
 *   for tile of output pixels, for group of output blocks     (order: weightsOuter swaps the two)
 *     for chunk of reduction tiles
 *       load activations and weights unless they are still there; execute
 *     store
 * </pre>
 *
 * @param patches reduction laid out as patches of image lines instead of channels
 * @param dataflow which operand stays in the array
 * @param tileH output pixels of a tile, lines, after pooling
 * @param tileW output pixels of a tile, columns, after pooling
 * @param chunk reduction tiles loaded at a time
 * @param group output channel blocks accumulated at a time
 * @param weightsOuter output blocks in the outer loop, pixels in the inner
 * @param activationBanks scratchpad banks for activations, from bank 0
 * @param weightBanks banks for weights, after those
 * @param residualBanks banks for residuals, after those
 */
record Mapping(
    boolean patches,
    Dataflow dataflow,
    int tileH,
    int tileW,
    int chunk,
    int group,
    boolean weightsOuter,
    int activationBanks,
    int weightBanks,
    int residualBanks) {

  /** One line for reports. */
  String describe() {
    return "%s %s tile %dx%d, %d reduction tiles x %d output blocks at a time, %s outer, banks %d+%d+%d"
        .formatted(
            dataflow.name().toLowerCase(java.util.Locale.ROOT),
            patches ? "patches" : "pixels",
            tileH,
            tileW,
            chunk,
            group,
            weightsOuter ? "weights" : "pixels",
            activationBanks,
            weightBanks,
            residualBanks);
  }
}
