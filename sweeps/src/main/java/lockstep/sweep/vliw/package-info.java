// SPDX-License-Identifier: Apache-2.0

/** VLIW machines as studies see them: runs with their loops, memory, traces. */
package lockstep.sweep.vliw;
