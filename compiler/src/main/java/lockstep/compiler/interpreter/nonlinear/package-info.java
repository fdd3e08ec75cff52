// SPDX-License-Identifier: Apache-2.0

/**
 * Non-linear functions on int8 codes: tables that are made from doubles at compile time, and
 * integer arithmetic of stated widths at run time. Every machine that has them computes exactly
 * these.
 */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.interpreter.nonlinear;
