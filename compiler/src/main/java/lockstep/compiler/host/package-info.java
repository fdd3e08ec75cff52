// SPDX-License-Identifier: Apache-2.0

/** ONNX Runtime, for what the machine cannot do and for calibration. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.host;
