// SPDX-License-Identifier: Apache-2.0

/** The float graph: what a model file says, with every shape known. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.graph;
