// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.network.Window;

/**
 * A rectangle of output pixels of one image with the rectangle of convolution results that its
 * pooling windows need (clipped to the image).
 *
 * @param y first output line, after pooling
 * @param h output lines
 * @param convY first line of convolution results
 * @param convH lines of convolution results
 * @param padY pooling padding above the first line of results
 */
record PixelTile(
    int image,
    int y,
    int x,
    int h,
    int w,
    int convY,
    int convX,
    int convH,
    int convW,
    int padY,
    int padX) {

  int results() {
    return convH * convW;
  }

  static List<PixelTile> of(Contraction c, int tileH, int tileW, int firstImage, int images) {
    List<PixelTile> tiles = new ArrayList<>();
    for (int image = firstImage; image < firstImage + images; image++) {
      for (int y = 0; y < c.output().h(); y += tileH) {
        for (int x = 0; x < c.output().w(); x += tileW) {
          tiles.add(at(c, image, y, x, tileH, tileW));
        }
      }
    }
    return tiles;
  }

  static PixelTile at(Contraction c, int image, int y, int x, int tileH, int tileW) {
    Window pool = c.pool();
    int h = Math.min(tileH, c.output().h() - y);
    int w = Math.min(tileW, c.output().w() - x);
    int top = y * pool.strideH() - pool.padTop();
    int left = x * pool.strideW() - pool.padLeft();
    int convY = Math.max(0, top);
    int convX = Math.max(0, left);
    int bottom = Math.min(c.convH(), top + (h - 1) * pool.strideH() + pool.kernelH());
    int right = Math.min(c.convW(), left + (w - 1) * pool.strideW() + pool.kernelW());
    return new PixelTile(
        image, y, x, h, w, convY, convX, bottom - convY, right - convX, convY - top, convX - left);
  }
}
