// SPDX-License-Identifier: Apache-2.0

/**
 * Modulo scheduling of loop bodies for machines that issue a bundle a step: the problem, what no
 * schedule can be better than, and a heuristic.
 */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.schedule;
