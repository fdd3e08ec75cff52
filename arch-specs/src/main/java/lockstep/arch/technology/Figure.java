// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.technology;

/**
 * One number of a technology table, and where it is from.
 *
 * @param unit for example {@code pJ} or {@code um^2}
 * @param source the publication or the tool that was run
 * @param recalled true if the number was written down from memory of its source
 * @param derivation how it follows from the source's number, empty if it is that number
 */
public record Figure(
    double value, String unit, String source, boolean recalled, String derivation) {

  /** Source, derivation and mark, as reports print them. */
  public String provenance() {
    return source
        + (derivation.isEmpty() ? "" : "; derived: " + derivation)
        + (recalled ? " (recalled)" : "");
  }
}
