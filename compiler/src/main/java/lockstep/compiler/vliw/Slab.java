// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import lockstep.compiler.program.Placement;

/**
 * Constants of a contraction as they lie in memory and in local memory, tile after tile of output
 * channels:
 *
 * <pre>
 * parameters   for each vector of sums that differs in its channels:
 *              a vector of biases, one of multipliers, one of shifts
 * weights      for blocks of depths, for lines of the window, for depths, for columns of the
 *              window: a right operand, rows x columns
 * </pre>
 *
 * Weights that are the same for all taps of the window, as those of an average are, lie there once:
 * then a right operand for each depth.
 */
final class Slab {
  private static final int VECTORS = 3;

  private final TileForm form;
  private final Contraction c;
  private final boolean shared;

  Slab(TileForm form, Contraction c) {
    this.form = form;
    this.c = c;
    shared = c.tapsAlike() && c.taps() > 1;
  }

  /** Whether all taps of the window have the same right operands. */
  boolean shared() {
    return shared;
  }

  /** Right operands of some depths of a tile, for lines of the window. */
  int operands(int depths, int lines) {
    return shared ? depths : depths * lines * c.window().kernelW();
  }

  /** Sets of parameters of a tile: vectors of sums in a row of results, at least one. */
  int sets() {
    return Math.max(1, form.cols() / form.machine().lanes());
  }

  /** Bytes of a tile's parameters. */
  int parameterBytes() {
    return VECTORS * sets() * form.vector();
  }

  /** Bytes of a right operand. */
  int operandBytes() {
    return form.depth() * form.cols();
  }

  /** Bytes of a tile. */
  int tileBytes() {
    int operands = c.weights() == null ? 0 : operands(c.depths(), c.window().kernelH());
    return parameterBytes() + operands * operandBytes();
  }

  /** Bytes up to the end of each block of output channels. */
  long[] ends() {
    long[] ends = new long[form.blocks(c.output().tensor().c())];
    for (int b = 0; b < ends.length; b++) {
      ends[b] = (long) Math.min((b + 1) * form.tilesPerBlock(), c.tiles()) * tileBytes();
    }
    return ends;
  }

  byte[] bytes() {
    ByteBuffer all =
        ByteBuffer.allocate(Math.multiplyExact(c.tiles(), tileBytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int tile = 0; tile < c.tiles(); tile++) {
      parameters(tile, all);
      if (c.weights() != null) {
        weights(tile, c.weights(), all);
      }
    }
    return all.array();
  }

  private void parameters(int tile, ByteBuffer to) {
    int lanes = form.machine().lanes();
    for (int set = 0; set < sets(); set++) {
      for (int what = 0; what < VECTORS; what++) {
        for (int lane = 0; lane < lanes; lane++) {
          int k = tile * form.cols() + (set * lanes + lane) % form.cols();
          to.putInt(k < c.bias().length ? parameter(what, k) : 0);
        }
      }
    }
  }

  private int parameter(int what, int k) {
    return switch (what) {
      case 0 -> Math.toIntExact(c.bias()[k]);
      case 1 -> c.out().multipliers()[k];
      default -> c.out().shifts()[k];
    };
  }

  private void weights(int tile, Contraction.Weights weights, ByteBuffer to) {
    for (int d = 0; d < c.depths(); d += form.depthsPerBlock()) {
      for (int fy = 0; fy < (shared ? 1 : c.window().kernelH()); fy++) {
        for (int i = 0; i < form.depthsPerBlock(); i++) {
          for (int fx = 0; fx < (shared ? 1 : c.window().kernelW()); fx++) {
            operand(tile, c.firstDepth()[tile] + d + i, fy, fx, weights, to);
          }
        }
      }
    }
  }

  private void operand(
      int tile, int depth, int fy, int fx, Contraction.Weights weights, ByteBuffer to) {
    int input = 0;
    int before = 0;
    while (depth >= before + depths(input)) {
      before += depths(input++);
    }
    int channels = c.inputs().get(input).tensor().c();
    for (int row = 0; row < form.depth(); row++) {
      int channel = (depth - before) * form.depth() + row;
      for (int column = 0; column < form.cols(); column++) {
        int k = tile * form.cols() + column;
        boolean there = channel < channels && k < c.bias().length;
        to.put((byte) (there ? weights.at(k, input, channel, fy, fx) : 0));
      }
    }
  }

  private int depths(int input) {
    Placement part = c.inputs().get(input);
    return part.blocks() * form.depthsPerBlock();
  }
}
