// SPDX-License-Identifier: Apache-2.0

/** Where in off-chip memory the tensors of a network lie, whatever the machine. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.memory;
