// SPDX-License-Identifier: Apache-2.0

/** Built-in models with seeded weights. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.zoo;
