// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

/**
 * A tensor in the scratchpad, as the layers that write or read it see it.
 *
 * @param kept the allocation
 * @param channel first channel of the tensor in it
 */
record OnChip(Kept kept, int channel) {

  int row(int image, int channelOfTensor, int y, int x) {
    return kept.row(image, channel + channelOfTensor, y, x);
  }

  int lane(int channelOfTensor) {
    return kept.lane(channel + channelOfTensor);
  }
}
