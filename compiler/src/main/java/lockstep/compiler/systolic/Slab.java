// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;

/**
 * Output blocks that reduce over the same input channels of the same images. A dense convolution is
 * one slab; a depthwise one has a slab for each block; a product of two activations one for each
 * image, because its weights change with it.
 *
 * @param fromChannel first input channel
 * @param toChannel channel after the last
 * @param blocks output channel blocks
 * @param firstImage first image
 * @param images number of images
 */
record Slab(int fromChannel, int toChannel, List<Integer> blocks, int firstImage, int images) {

  static List<Slab> of(Contraction c, int cols) {
    List<Slab> slabs = new ArrayList<>();
    int outPerGroup = c.outChannels() / c.groups();
    int blocks = Math.ceilDiv(c.outChannels(), cols);
    int imagesAtOnce = c.right() == null ? c.images() : 1;
    for (int image = 0; image < c.images(); image += imagesAtOnce) {
      int first = 0;
      while (first < blocks) {
        int from = firstChannel(c, first * cols, outPerGroup);
        int to = lastChannel(c, first, cols, outPerGroup);
        List<Integer> same = new ArrayList<>();
        int b = first;
        while (b < blocks
            && firstChannel(c, b * cols, outPerGroup) == from
            && lastChannel(c, b, cols, outPerGroup) == to) {
          same.add(b++);
        }
        slabs.add(new Slab(from, to, List.copyOf(same), image, imagesAtOnce));
        first = b;
      }
    }
    return slabs;
  }

  /** Input channels that it reduces over. */
  int channels() {
    return toChannel - fromChannel;
  }

  private static int firstChannel(Contraction c, int outChannel, int outPerGroup) {
    return outChannel / outPerGroup * c.groupChannels();
  }

  private static int lastChannel(Contraction c, int block, int cols, int outPerGroup) {
    int last = Math.min(c.outChannels(), (block + 1) * cols) - 1;
    return (last / outPerGroup + 1) * c.groupChannels();
  }
}
