// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/**
 * What the matrix unit does for a layer: sums over input channels and window, per output channel
 * and pixel, and the way out.
 *
 * <p>Input channels are counted in <em>depths</em>, the rows of the right operand, over all inputs'
 * blocks. Output channels are counted in <em>tiles</em>, its columns. Each tile needs {@link
 * #depths} depths in a row from {@link #firstDepth} on.
 *
 * @param inputs of the same height and width, their channels behind each other
 * @param bias per output channel
 * @param out its pool is not looked at
 * @param zero added on the way out
 * @param firstDepth of each tile
 * @param depths of a tile
 * @param weights constant ones; null if {@code right} has them
 * @param tapsAlike whether the weights are the same for all taps of the window
 * @param right the channels are those of the output, its pixels those of the input's channels
 */
record Contraction(
    String name,
    List<Placement> inputs,
    int fill,
    Placement output,
    Window window,
    long[] bias,
    Output out,
    int zero,
    @Nullable Placement residual,
    int[] firstDepth,
    int depths,
    @Nullable Weights weights,
    boolean tapsAlike,
    @Nullable Placement right) {

  /** The weight of an output channel and a channel of an input, 0 if there is none. */
  interface Weights {
    int at(int outChannel, int input, int channel, int fy, int fx);
  }

  int taps() {
    return window.kernelH() * window.kernelW();
  }

  /** Whether all tiles have the same depths. */
  boolean dense() {
    for (int first : firstDepth) {
      if (first != firstDepth[0]) {
        return false;
      }
    }
    return true;
  }

  /** Tiles of output channels. */
  int tiles() {
    return firstDepth.length;
  }
}
