// SPDX-License-Identifier: Apache-2.0

/**
 * Quantised models in ONNX's operator form, brought into its other form: operators on floats
 * between QuantizeLinear and DequantizeLinear.
 */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.onnx.qoperators;
