// SPDX-License-Identifier: Apache-2.0

/**
 * Rewrites of the float graph, one a file; {@link lockstep.compiler.passes.Pipeline} orders them.
 */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.passes;
