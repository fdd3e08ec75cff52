// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.isa.vliw.SlotKind;

/**
 * The pixels of a left operand, or of a vector of codes, as a rectangle of lines; and the patterns
 * by which vectors of them are loaded and stored.
 *
 * @param lines of the rectangle
 * @param columns of the rectangle
 */
record PixelTile(int lines, int columns) {

  /** The rectangles of so many pixels that vectors of both row lengths can be loaded for. */
  static List<PixelTile> of(int pixels, int pieces, int... rowWords) {
    List<PixelTile> all = new ArrayList<>();
    for (int lines = 1; lines <= pixels; lines++) {
      if (pixels % lines != 0) {
        continue;
      }
      PixelTile tile = new PixelTile(lines, pixels / lines);
      boolean fits = true;
      for (int words : rowWords) {
        fits &= tile.fits(pieces, words);
      }
      if (fits) {
        all.add(tile);
      }
    }
    return all;
  }

  private boolean fits(int pieces, int words) {
    int pixels = Math.max(1, pieces / words);
    return columns % pixels == 0 || (words == 1 && pixels % columns == 0);
  }

  /**
   * Sets a pattern for vectors of pixels.
   *
   * @param words of a pixel that are loaded
   * @param pixelStep words from one pixel to the next
   * @param lineStep words from one line to the next
   */
  Operation pattern(int number, int pieces, int words, int pixelStep, int lineStep) {
    int pixels = Math.max(1, pieces / words);
    boolean lined = words == 1 && pixels > columns;
    long inner = lined ? columns : Math.min(words, pieces);
    long innerStep = lined ? pixelStep : 1;
    long outerStep = lined ? lineStep : pixelStep;
    return new Operation(
        SlotKind.SCALAR,
        "pattern",
        Map.of(
            "pattern",
            (long) number,
            "inner",
            inner,
            "inner_step",
            innerStep,
            "outer_step",
            outerStep),
        List.of());
  }

  /** Line of a pixel. */
  int line(int pixel) {
    return pixel / columns;
  }

  /** Column of a pixel. */
  int column(int pixel) {
    return pixel % columns;
  }
}
