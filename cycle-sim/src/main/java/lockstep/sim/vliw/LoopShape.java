// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.sim.vliw.Bundle.Access;
import lockstep.sim.vliw.Bundle.Dma;
import lockstep.sim.vliw.Bundle.Loop;
import lockstep.sim.vliw.Bundle.Scalar;

/**
 * What can be said of a loop without running it.
 *
 * @param first bundle of the body
 * @param last bundle of the body
 * @param linear whether each scalar register after a round is a fixed sum of registers before it
 *     and a number, no round waits for transfers or starts one, and stores of one bundle keep their
 *     distance
 * @param addressing bit r: register r is an address, or becomes part of one
 */
record LoopShape(int first, int last, boolean linear, long addressing) {

  /** The shape of the loop that {@code opening} opens. */
  static LoopShape of(Bundle[] bundles, int opening, Loop loop) {
    boolean linear = true;
    long addressing = 0;
    for (int i = opening + 1; i <= loop.last(); i++) {
      Bundle bundle = bundles[i];
      for (Scalar operation : bundle.scalars()) {
        linear &= !(operation instanceof Scalar.Mul);
      }
      linear &= !(bundle.dma() instanceof Dma.Start || bundle.dma() instanceof Dma.Wait);
      linear &= storesKeepTheirDistance(bundle);
      for (Access access : bundle.accesses()) {
        addressing |= 1L << access.base();
      }
    }
    long before = 0;
    while (before != addressing) {
      before = addressing;
      for (int i = opening + 1; i <= loop.last(); i++) {
        for (Scalar operation : bundles[i].scalars()) {
          if ((addressing >>> operation.to() & 1) != 0) {
            addressing |= sources(operation);
          }
        }
      }
    }
    return new LoopShape(opening + 1, loop.last(), linear, addressing);
  }

  private static boolean storesKeepTheirDistance(Bundle bundle) {
    int base = -1;
    for (Access access : bundle.accesses()) {
      if (access.store()) {
        if (base >= 0 && access.base() != base) {
          return false;
        }
        base = access.base();
      }
    }
    return true;
  }

  private static long sources(Scalar operation) {
    return switch (operation) {
      case Scalar.Li li -> 0;
      case Scalar.Add(var to, var a, var b) -> 1L << a | 1L << b;
      case Scalar.AddI(var to, var a, var value) -> 1L << a;
      case Scalar.Sub(var to, var a, var b) -> 1L << a | 1L << b;
      case Scalar.Mul(var to, var a, var b) -> 1L << a | 1L << b;
    };
  }
}
