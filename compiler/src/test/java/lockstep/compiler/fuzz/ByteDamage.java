// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Files as a bad disk or a broken download leaves them. */
enum ByteDamage {
  FLIP_BITS {
    @Override
    byte[] apply(byte[] whole, Random random) {
      byte[] damaged = whole.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        damaged[place(damaged, random)] ^= (byte) (1 << random.nextInt(8));
      }
      return damaged;
    }
  },
  CHANGE_BYTES {
    @Override
    byte[] apply(byte[] whole, Random random) {
      byte[] damaged = whole.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        damaged[place(damaged, random)] = (byte) random.nextInt(256);
      }
      return damaged;
    }
  },
  TRUNCATE {
    @Override
    byte[] apply(byte[] whole, Random random) {
      return Arrays.copyOf(whole, random.nextInt(whole.length));
    }
  },
  INSERT {
    @Override
    byte[] apply(byte[] whole, Random random) {
      byte[] more = new byte[1 + random.nextInt(9)];
      random.nextBytes(more);
      int at = place(whole, random);
      return joined(Arrays.copyOf(whole, at), more, Arrays.copyOfRange(whole, at, whole.length));
    }
  },
  /** A length or a tag becomes one of the numbers that make readers stumble. */
  LENGTHS {
    private static final int[] ODD = {0, 1, 0x7f, 0x80, 0xff, 0x08, 0x0a, 0x12, 0x3a};

    @Override
    byte[] apply(byte[] whole, Random random) {
      byte[] damaged = whole.clone();
      int at = random.nextInt(Math.min(damaged.length, 2000));
      int run = 1 + random.nextInt(5);
      for (int i = at; i < Math.min(damaged.length, at + run); i++) {
        damaged[i] = (byte) ODD[random.nextInt(ODD.length)];
      }
      return damaged;
    }
  },
  SWAP_CHUNKS {
    @Override
    byte[] apply(byte[] whole, Random random) {
      int[] cuts = {place(whole, random), place(whole, random), place(whole, random)};
      Arrays.sort(cuts);
      return joined(
          Arrays.copyOf(whole, cuts[0]),
          Arrays.copyOfRange(whole, cuts[1], cuts[2]),
          Arrays.copyOfRange(whole, cuts[0], cuts[1]),
          Arrays.copyOfRange(whole, cuts[2], whole.length));
    }
  };

  abstract byte[] apply(byte[] whole, Random random);

  /** Anywhere, but as often near the ends, where the structure is and not the weights. */
  private static int place(byte[] bytes, Random random) {
    int near = Math.min(bytes.length, 1500);
    return switch (random.nextInt(3)) {
      case 0 -> random.nextInt(bytes.length);
      case 1 -> random.nextInt(near);
      default -> bytes.length - 1 - random.nextInt(near);
    };
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
