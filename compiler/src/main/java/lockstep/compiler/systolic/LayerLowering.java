// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;

/**
 * Emits one contraction as instructions, as its {@link Mapping} says.
 *
 * <pre>
 * for each {@link Step}
 *   {@link OperandLoads} of this step, and of the next one
 *   {@link ResidualLoads} if this step completes results
 *   {@link Executes}
 *   {@link Stores}        if this step completes results
 * </pre>
 *
 * <p>The loads of a step are emitted before the execution of the step before it wherever their
 * slots are not those that step still uses, so that the load unit runs ahead.
 */
final class LayerLowering {
  private final List<Step> steps;
  private final OperandLoads operands;
  private final ResidualLoads residuals;
  private final Executes executes;
  private final Stores stores;
  private final AccumulatorSlots accumulators;

  LayerLowering(
      LayerPlan plan, Emitter emitter, ConstantBlocks constants, AccumulatorSlots accumulators) {
    steps = Step.of(plan);
    operands = new OperandLoads(plan, steps, emitter, constants);
    residuals = new ResidualLoads(plan, emitter);
    executes = new Executes(plan, emitter);
    stores = new Stores(plan, residuals, emitter);
    this.accumulators = accumulators;
  }

  /** Emits the layer. */
  void emit() {
    boolean loaded = false;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (!loaded) {
        operands.load(step, i, null);
      }
      loaded = i + 1 < steps.size() && operands.canLoadBefore(steps.get(i + 1), step);
      if (loaded) {
        operands.load(steps.get(i + 1), i + 1, step);
      }
      if (step.last()) {
        residuals.loadAhead(step);
      }
      int results = step.first() ? accumulators.next() : accumulators.current();
      executes.emit(step, operands.activationRows(step), operands.weightRow(step), results);
      if (step.last()) {
        stores.emit(step, operands.parameterRow(step), results);
      }
    }
  }
}
