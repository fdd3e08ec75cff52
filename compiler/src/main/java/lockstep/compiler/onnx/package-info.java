// SPDX-License-Identifier: Apache-2.0

/** ONNX files: reading, operator forms, writing. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.onnx;
