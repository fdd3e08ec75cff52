// SPDX-License-Identifier: Apache-2.0

/** From loops over virtual registers to bundles of a VLIW machine. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.vliw;
