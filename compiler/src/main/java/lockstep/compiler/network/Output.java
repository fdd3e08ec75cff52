// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import org.jspecify.annotations.Nullable;

/**
 * The way out of the accumulator, as {@link lockstep.isa.FixedPoint#postProcess} defines it, after
 * an optional max-pooling of the raw accumulators (all steps are monotone, so pooling first gives
 * the same bytes; padding never wins the maximum).
 *
 * @param pool max-pooling applied before requantisation, or null
 * @param multipliers per output channel, 24 bit, not negative
 * @param shifts per output channel, 0 to 63
 * @param residual tensor of the output's shape added before the activation, or null
 * @param residualMultiplier 16-bit unsigned; 0 exactly when there is no residual
 * @param leak negative slope in units of 2^-15; 32768 for none
 * @param outShift 0 to 15
 * @param min smallest output value (activation bound and saturation)
 * @param max largest output value
 */
public record Output(
    @Nullable Window pool,
    int[] multipliers,
    int[] shifts,
    @Nullable Tensor residual,
    int residualMultiplier,
    int leak,
    int outShift,
    int min,
    int max) {}
