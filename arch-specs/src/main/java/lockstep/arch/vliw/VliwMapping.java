// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.vliw;

import lockstep.arch.Mapping;

/** A file of this family chooses nothing of how layers are mapped: the compiler does. */
public record VliwMapping() implements Mapping {}
