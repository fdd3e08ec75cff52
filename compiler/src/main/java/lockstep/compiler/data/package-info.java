// SPDX-License-Identifier: Apache-2.0

/** Tensors in files beside a model: its inputs, and the outputs that are expected of them. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.data;
