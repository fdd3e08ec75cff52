// SPDX-License-Identifier: Apache-2.0

/** What quantisation costs: the integer network against the float model. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.quality;
