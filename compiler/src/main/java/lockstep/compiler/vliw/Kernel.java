// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

/**
 * A software-pipelined loop of a compiled model, as reports show it.
 *
 * @param layer that it works for
 * @param name what it does, and how it is unrolled
 * @param interval steps from the beginning of a round to that of the next
 * @param bound of the interval: no schedule has a shorter one
 * @param boundBy the resource that it is from
 * @param recurrenceBound what circles of dependences alone make of it
 * @param rounds of one visit
 * @param stages rounds that are under way at a time
 * @param scalars scalar registers used
 * @param vectors vector registers used
 * @param accumulators accumulator registers used
 * @param multiplies of the matrix unit in a round
 */
public record Kernel(
    String layer,
    String name,
    int interval,
    int bound,
    String boundBy,
    int recurrenceBound,
    long rounds,
    int stages,
    int scalars,
    int vectors,
    int accumulators,
    int multiplies) {

  /** Share of the matrix unit's products in the steady state, of a machine with so many units. */
  public double peak(int matrixSlots) {
    return (double) multiplies / ((double) interval * matrixSlots);
  }
}
