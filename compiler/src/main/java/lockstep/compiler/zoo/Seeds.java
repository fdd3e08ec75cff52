// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Where the numbers of a tensor come from. */
@FunctionalInterface
interface Seeds {
  /** The generator that fills the tensor of that name, from its first element to its last. */
  RandomGenerator generator(String tensor);

  /** One stream for all tensors in the order in which they are made. */
  static Seeds inOrder(long seed) {
    RandomGenerator stream = create(seed);
    return _ -> stream;
  }

  /** A stream of its own for every tensor, by the FNV-1a hash of its name. */
  static Seeds byName(long seed) {
    return tensor -> {
      long hash = 0xcbf29ce484222325L;
      for (int i = 0; i < tensor.length(); i++) {
        hash = (hash ^ tensor.charAt(i)) * 0x100000001b3L;
      }
      return create(seed ^ hash);
    };
  }

  private static RandomGenerator create(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
