// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;

/**
 * A machine as one spec describes it, every default filled in. The families are the permitted
 * classes; an exhaustive {@code switch} over them lists every place a new family must visit.
 */
public sealed interface Architecture permits SystolicArchitecture, VliwArchitecture {

  /** The machine's name, an identifier of letters, digits, {@code _} and {@code -}. */
  String name();

  /** The off-chip memory that the machine's port is connected to. */
  OffChipMemory memory();

  /** Clock frequency in megahertz; turns cycles into time and leakage into energy. */
  double clockMhz();

  /** Name of the technology table that prices this machine's actions, for example {@code 45nm}. */
  String technology();
}
