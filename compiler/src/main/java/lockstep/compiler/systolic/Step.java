// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One turn of the innermost loop of a {@link Mapping}: a chunk of reduction tiles, multiplied into
 * a group of output blocks for a tile of pixels.
 *
 * @param slab index of the slab
 * @param tileIndex index of the pixel tile in its slab
 * @param group index of the group of output blocks in its slab
 * @param chunk index of the chunk of reduction tiles in its slab
 * @param blocks output channel blocks of the group
 * @param lanes reduction tiles of the chunk
 * @param last whether it is the last chunk of the results, which are complete then
 * @param scaled output blocks whose parameters are loaded together: those of the layer where they
 *     take no more than half of the parameter memory, else those of the group
 */
record Step(
    int slab,
    int tileIndex,
    int group,
    int chunk,
    PixelTile tile,
    List<Integer> blocks,
    List<Lane.Tile> lanes,
    boolean last,
    List<Integer> scaled) {

  /** Names the activations that a step reads. */
  record ActivationKey(int slab, int tile, int chunk) {}

  /** Names the weights that a step reads. */
  record WeightKey(int slab, int group, int chunk) {}

  /** Names the parameters of consecutive output blocks. */
  record ParameterKey(int firstBlock, int blocks) {}

  /** Names the residual of one output block of a pixel tile. */
  record ResidualKey(int slab, int tile, int block) {}

  ActivationKey activations() {
    return new ActivationKey(slab, tileIndex, chunk);
  }

  WeightKey weights() {
    return new WeightKey(slab, group, chunk);
  }

  ParameterKey parameters() {
    return new ParameterKey(scaled.getFirst(), scaled.size());
  }

  ResidualKey residual(int block) {
    return new ResidualKey(slab, tileIndex, block);
  }

  /** Whether the results begin with this chunk. */
  boolean first() {
    return chunk == 0;
  }

  /** Rows that the weights of one output block take for each tap. */
  int reductionRows() {
    return lanes.stream().mapToInt(Lane.Tile::lanes).sum();
  }

  /** The steps of a layer in the order of its mapping. */
  static List<Step> of(LayerPlan plan) {
    Contraction c = plan.contraction();
    Mapping m = plan.mapping();
    List<Slab> slabs = Slab.of(c, plan.cols());
    List<Step> steps = new ArrayList<>();
    int blocks = Math.ceilDiv(c.outChannels(), plan.cols());
    boolean together = blocks <= plan.arch().postProcessing().parameterRows() / 2;
    List<Integer> all = IntStream.range(0, blocks).boxed().toList();
    for (int s = 0; s < slabs.size(); s++) {
      Slab slab = slabs.get(s);
      List<PixelTile> tiles =
          PixelTile.of(c, m.tileH(), m.tileW(), slab.firstImage(), slab.images());
      List<List<Integer>> groups = parts(slab.blocks(), m.group());
      List<List<Lane.Tile>> chunks =
          parts(LayerShape.lanes(plan.arch(), c, m.patches(), plan.sources(), slab), m.chunk());
      int outer = m.weightsOuter() ? groups.size() : tiles.size();
      int inner = m.weightsOuter() ? tiles.size() : groups.size();
      for (int o = 0; o < outer; o++) {
        for (int i = 0; i < inner; i++) {
          int tile = m.weightsOuter() ? i : o;
          int group = m.weightsOuter() ? o : i;
          for (int k = 0; k < chunks.size(); k++) {
            steps.add(
                new Step(
                    s,
                    tile,
                    group,
                    k,
                    tiles.get(tile),
                    groups.get(group),
                    chunks.get(k),
                    k == chunks.size() - 1,
                    together ? all : groups.get(group)));
          }
        }
      }
    }
    return steps;
  }

  /** {@code all} cut into parts of {@code size}, the last one maybe smaller. */
  private static <T> List<List<T>> parts(List<T> all, int size) {
    List<List<T>> parts = new ArrayList<>();
    for (int i = 0; i < all.size(); i += size) {
      parts.add(all.subList(i, Math.min(all.size(), i + size)));
    }
    return parts;
  }
}
