// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The constants of a layer in off-chip memory: weights in the order in which execute reads them,
 * parameters in the order of the output channels. They are written when a step first asks for them,
 * so that memory is read from front to back.
 *
 * <pre>
 * parameters of a channel: int32 bias, 24 bit multiplier, 8 bit shift
 * </pre>
 */
final class ConstantBlocks {
  private static final int PARAMETER_BYTES = 8;

  private final LayerPlan plan;
  private final ConstantPool pool;
  private final Map<Step.WeightKey, List<Block>> weights = new HashMap<>();
  private final Map<Step.ParameterKey, List<Block.Whole>> parameters = new HashMap<>();

  ConstantBlocks(LayerPlan plan, ConstantPool pool) {
    this.plan = plan;
    this.pool = pool;
  }

  /** Constants for consecutive rows, as they lie in memory. */
  sealed interface Block {
    /** Rows that they fill. */
    int rows();

    /** Rows of equal length, one after the other. */
    record Whole(long address, int rows, int rowBytes) implements Block {}

    /**
     * The {@link DiagonalWeights} of one reduction tile.
     *
     * @param lineBytes from tap to tap
     * @param column of the first lane's weight
     * @param columns bytes of a row
     */
    record Diagonal(long address, int taps, int lineBytes, int lanes, int column, int columns)
        implements Block {
      @Override
      public int rows() {
        return taps * lanes;
      }
    }
  }

  /** The weights of a step, in the order of the scratchpad rows that take them. */
  List<Block> weights(Step s) {
    return weights.computeIfAbsent(s.weights(), key -> writeWeights(s));
  }

  /** The parameters that are loaded together with a step's, a row for each output block. */
  List<Block.Whole> parameters(Step s) {
    return parameters.computeIfAbsent(s.parameters(), key -> writeParameters(s));
  }

  private List<Block> writeWeights(Step s) {
    List<Block> written = new ArrayList<>();
    for (List<Integer> run : equallyWide(s.blocks())) {
      int width = width(run);
      if (isDiagonal(s, width)) {
        run.forEach(b -> writeDiagonals(s, b, written));
        continue;
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      run.forEach(b -> bytes.writeBytes(WeightLayout.bytes(plan, s.lanes(), b)));
      written.add(new Block.Whole(pool.add(bytes.toByteArray()), bytes.size() / width, width));
    }
    return List.copyOf(written);
  }

  private boolean isDiagonal(Step s, int width) {
    return !plan.mapping().patches()
        && DiagonalWeights.are(plan.contraction())
        && DiagonalWeights.save(
            s.lanes().stream().map(Lane.Tile::lanes).toList(),
            plan.weightTaps(),
            width,
            plan.arch().dma().widthBytes());
  }

  private void writeDiagonals(Step s, int block, List<Block> written) {
    int column = s.chunk() * plan.mapping().chunk() * plan.arch().array().rows();
    for (Lane.Tile tile : s.lanes()) {
      int lanes = tile.lanes();
      byte[] lines = DiagonalWeights.lines(plan, block * plan.cols() + column, lanes);
      int taps = plan.weightTaps();
      written.add(
          new Block.Diagonal(
              pool.add(lines), taps, lines.length / taps, lanes, column, plan.width(block)));
      column += lanes;
    }
  }

  private List<Block.Whole> writeParameters(Step s) {
    long address = pool.add(parameterBytes(s.scaled()));
    List<Block.Whole> written = new ArrayList<>();
    for (List<Integer> run : equallyWide(s.scaled())) {
      var block = new Block.Whole(address, run.size(), PARAMETER_BYTES * width(run));
      written.add(block);
      address += (long) block.rows() * block.rowBytes();
    }
    return List.copyOf(written);
  }

  private byte[] parameterBytes(List<Integer> blocks) {
    Contraction c = plan.contraction();
    int channels = blocks.stream().mapToInt(plan::width).sum();
    ByteBuffer bytes =
        ByteBuffer.allocate(PARAMETER_BYTES * channels).order(ByteOrder.LITTLE_ENDIAN);
    for (int b : blocks) {
      for (int i = 0; i < plan.width(b); i++) {
        int n = b * plan.cols() + i;
        bytes.putInt(c.bias()[n]);
        bytes.putInt(c.out().multipliers()[n] | c.out().shifts()[n] << 24);
      }
    }
    return bytes.array();
  }

  /** Runs of blocks of one width: a load writes rows of one width only. */
  private List<List<Integer>> equallyWide(List<Integer> blocks) {
    List<List<Integer>> runs = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= blocks.size(); to++) {
      if (to == blocks.size() || plan.width(blocks.get(to)) != plan.width(blocks.get(from))) {
        runs.add(blocks.subList(from, to));
        from = to;
      }
    }
    return runs;
  }

  private int width(List<Integer> run) {
    return plan.width(run.getFirst());
  }
}
