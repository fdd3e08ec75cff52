// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import lockstep.arch.systolic.SystolicMapping;
import lockstep.arch.vliw.VliwMapping;

/** What the user chose of how layers are mapped on a machine, in the words of its family. */
public sealed interface Mapping permits SystolicMapping, VliwMapping {}
