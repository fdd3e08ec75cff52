// SPDX-License-Identifier: Apache-2.0

/** How a machine's models are quantised and pruned: the block {@code quantisation:} of a spec. */
@org.jspecify.annotations.NullMarked
package lockstep.arch.quantisation;
