// SPDX-License-Identifier: Apache-2.0

/** Layer lists of SCALE-Sim as workloads. */
@org.jspecify.annotations.NullMarked
package lockstep.compiler.topology;
