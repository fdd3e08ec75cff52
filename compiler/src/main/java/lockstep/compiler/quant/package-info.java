// SPDX-License-Identifier: Apache-2.0

/** From the float graph to the quantised network. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.quant;
