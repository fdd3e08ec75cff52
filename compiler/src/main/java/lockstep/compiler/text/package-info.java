// SPDX-License-Identifier: Apache-2.0
/** The compiler's intermediate forms as text that can be read back: float graphs and networks. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.text;
