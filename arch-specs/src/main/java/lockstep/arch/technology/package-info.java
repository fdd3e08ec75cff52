// SPDX-License-Identifier: Apache-2.0

/** What actions and parts cost, node by node, each figure with its unit and its source. */
package lockstep.arch.technology;
