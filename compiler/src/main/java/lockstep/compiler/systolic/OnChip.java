// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

/**
 * A tensor in the scratchpad, as the layers that write or read it see it.
 *
 * @param kept the allocation
 * @param channel first channel of the tensor in it
 * @param imageChannels channels of it from image to image of the tensor
 * @param line first line of the tensor in it
 */
record OnChip(Kept kept, int channel, int imageChannels, int line) {

  int row(int image, int channelOfTensor, int y, int x) {
    int block = image * Math.ceilDiv(imageChannels, kept.rowChannels());
    int ofChannel = (channel + channelOfTensor) / kept.rowChannels();
    return kept.rowOfBlock(block + ofChannel, line + y, x);
  }

  int lane(int channelOfTensor) {
    return kept.lane(channel + channelOfTensor);
  }
}
