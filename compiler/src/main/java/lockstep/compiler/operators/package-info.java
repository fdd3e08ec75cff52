// SPDX-License-Identifier: Apache-2.0

/**
 * What ONNX's operators are: for each, in one place, the types of its results and its evaluation.
 */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.operators;
