// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import lockstep.compiler.program.Placement;
import lockstep.compiler.systolic.ConstantBlocks.Block;
import org.jspecify.annotations.Nullable;

/**
 * Brings what steps multiply by and scale with on chip: activations and weights into their banks of
 * the scratchpad, parameters into the parameter memory. What is still there from an earlier step is
 * not loaded again.
 */
final class OperandLoads {
  private final LayerPlan plan;
  private final Emitter emitter;
  private final ConstantBlocks constants;
  private final Slots<Step.ActivationKey> activations;
  private final Slots<Step.WeightKey> weights;
  private final Slots<Step.ParameterKey> parameters;

  OperandLoads(LayerPlan plan, List<Step> steps, Emitter emitter, ConstantBlocks constants) {
    this.plan = plan;
    this.emitter = emitter;
    this.constants = constants;
    Mapping m = plan.mapping();
    int bankRows = plan.arch().scratchpad().rowsPerBank();
    int activationRows = m.activationBanks() * bankRows;
    activations =
        new Slots<>(
            0,
            activationRows,
            largest(steps, this::loadedRows),
            plan.fromEnd(),
            steps,
            Step::activations);
    weights =
        new Slots<>(
            activationRows,
            m.weightBanks() * bankRows,
            largest(steps, s -> s.reductionRows() * plan.weightTaps() * s.blocks().size()),
            plan.fromEnd(),
            steps,
            Step::weights);
    parameters =
        new Slots<>(
            0,
            plan.arch().postProcessing().parameterRows(),
            largest(steps, s -> s.scaled().size()),
            plan.fromEnd(),
            steps,
            Step::parameters);
  }

  private static int largest(List<Step> steps, ToIntFunction<Step> rows) {
    return steps.stream().mapToInt(rows).max().orElse(0);
  }

  /** Rows that a step's activations are loaded into. */
  private int loadedRows(Step s) {
    return plan.keptInput() == null ? s.lanes().size() * plan.plane(s.tile()).rows() : 0;
  }

  /** Whether the loads of {@code next} leave alone what {@code pending} has yet to read. */
  boolean canLoadBefore(Step next, Step pending) {
    return (plan.keptInput() != null
            || activations.roomBeside(next.activations(), pending.activations()))
        && weights.roomBeside(next.weights(), pending.weights())
        && parameters.roomBeside(next.parameters(), pending.parameters());
  }

  /**
   * Loads what a step needs and is not there.
   *
   * @param index of the step
   * @param pending the step whose operands have to stay, or null
   */
  void load(Step s, int index, @Nullable Step pending) {
    if (weights.find(s.weights()) < 0) {
      weights(s, weights.allocate(s.weights(), index, pending == null ? null : pending.weights()))
          .forEach(emitter::loadWeights);
    }
    if (plan.keptInput() == null && activations.find(s.activations()) < 0) {
      ActivationLoads.of(
              plan,
              s,
              activations.allocate(
                  s.activations(), index, pending == null ? null : pending.activations()))
          .forEach(emitter::loadActivations);
    }
    if (parameters.find(s.parameters()) < 0) {
      int row =
          parameters.allocate(s.parameters(), index, pending == null ? null : pending.parameters());
      for (Block.Whole block : constants.parameters(s)) {
        emitter.loadParameters(RowLoad.parameters(block, row));
        row += block.rows();
      }
    }
  }

  /** Scratchpad rows of a step's activations. */
  ActivationRows activationRows(Step s) {
    return plan.keptInput() == null
        ? ActivationRows.loaded(plan.plane(s.tile()), activations.find(s.activations()))
        : ActivationRows.kept(plan, plan.keptInput(), s);
  }

  /** First scratchpad row of a step's weights. */
  int weightRow(Step s) {
    return weights.find(s.weights());
  }

  /** Parameter row of a step's first output block. */
  int parameterRow(Step s) {
    return parameters.find(s.parameters()) + s.blocks().getFirst() - s.scaled().getFirst();
  }

  private List<RowLoad> weights(Step s, int row) {
    Placement right = plan.right();
    return right == null ? constants(constants.weights(s), row) : operand(right, s, row);
  }

  private static List<RowLoad> constants(List<Block> blocks, int row) {
    List<RowLoad> loads = new ArrayList<>();
    int at = row;
    for (Block block : blocks) {
      loads.add(RowLoad.weights(block, at));
      at += block.rows();
    }
    return loads;
  }

  /** The right operand of a product: its pixels are the reduction, its channels the columns. */
  private List<RowLoad> operand(Placement right, Step s, int row) {
    int firstPixel = s.chunk() * plan.mapping().chunk() * plan.arch().array().rows();
    int rows = s.reductionRows();
    List<RowLoad> loads = new ArrayList<>();
    int at = row;
    for (int b : s.blocks()) {
      int width = right.width(b);
      long address = right.address(s.tile().image(), b) + (long) firstPixel * width;
      loads.add(RowLoad.of(right.root(), address, at, rows, width));
      at += rows;
    }
    return loads;
  }
}
