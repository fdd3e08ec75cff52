// SPDX-License-Identifier: Apache-2.0

/** The integer reference interpreter. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.interpreter;
