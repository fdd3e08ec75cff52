// SPDX-License-Identifier: Apache-2.0
/** Float models drawn from a seed, of every operator that a float network can have. */
@NullMarked
package lockstep.compiler.random;

import org.jspecify.annotations.NullMarked;
