// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import java.util.Map;
import lockstep.compiler.program.Placement;

/** What is done to each vector of codes of a layer's output, whatever its place. */
interface VectorKernel {

  /** In a few words. */
  String description();

  /** What is read pixel for pixel, in the order of {@link Sources}. */
  List<Operand.Pixels> inputs();

  /** Bytes of constants, which lie in local memory beside every tile; may be none. */
  byte[] constants();

  /** Numbers of registers that hold the same in all rounds. */
  Map<Register, Integer> fixed();

  /** Code before a tile, that writes these registers and what else there is to write. */
  Code prepare(Region constants);

  /**
   * The operations for one vector; returns the codes.
   *
   * @param vector which of a pixel's, where a pixel has several
   */
  Register codes(Body body, int vector, Sources sources);

  /** Vectors of the inputs. */
  interface Sources {
    /** The vector of input {@code input} that is so many lines and columns further on. */
    Register load(Body body, int input, int line, int column, int vector);
  }

  /** Pixels of a tensor that serve those of an output which has more along some dimensions. */
  static Operand.Pixels spread(Placement tensor, int fill) {
    int strideH = tensor.tensor().h() == 1 ? 0 : 1;
    int strideW = tensor.tensor().w() == 1 ? 0 : 1;
    Halo halo = new Halo(strideH, strideW, 1, 1, 0, 0);
    return tensor.tensor().c() == 1
        ? Operand.Pixels.all(List.of(tensor), halo, fill)
        : Operand.Pixels.same(tensor, halo, fill);
  }
}
