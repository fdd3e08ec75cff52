// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Some lines of a tensor, as the tensor that a stripe of a {@link Chain} reads or writes.
 *
 * @param tensor those lines, under a name of their own
 * @param of name of the tensor that they are lines of
 * @param stripe the allocation that holds them if the whole is nowhere; null where the whole is
 * @param line where they begin: line of the stripe's allocation, or of the whole
 * @param from line of the whole at which they begin
 */
record LineView(Tensor tensor, String of, @Nullable Tensor stripe, int line, int from) {}
