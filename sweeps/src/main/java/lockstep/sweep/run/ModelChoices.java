// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.quant.Capabilities;

/**
 * What a machine's file wants of models before they are mapped on the machine.
 *
 * @param quantisation how float models are quantised
 * @param capabilities the layers that the machine has
 * @param without names of what the compiler leaves out
 */
public record ModelChoices(
    Quantisation quantisation, Capabilities capabilities, SortedSet<String> without) {
  /** Those of no machine. */
  public static final ModelChoices NONE =
      new ModelChoices(
          Quantisation.DEFAULT,
          Capabilities.NONE,
          Collections.unmodifiableSortedSet(new TreeSet<>()));
}
