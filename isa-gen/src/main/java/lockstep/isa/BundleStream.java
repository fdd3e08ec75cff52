// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Programs as they lie in memory: of each bundle only the 32-bit words that are not 0, so that an
 * empty slot takes no room.
 *
 * <pre>
 * header   one word, or as many as have a bit for each word of a bundle
 *          bit k: word k of the bundle follows; words that do not follow are 0
 * words    those of the header, the lowest first
 * zeros    up to a multiple of {@value #ENTRY_BYTES} bytes
 * </pre>
 */
public final class BundleStream {
  /** Bytes to a multiple of which a bundle is padded; what a machine expands in a cycle. */
  public static final int ENTRY_BYTES = 16;

  private static final int WORD_BYTES = 4;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private BundleStream() {}

  /** Words of the header of a bundle of {@code bundleBytes}. */
  public static int headerWords(int bundleBytes) {
    return Math.ceilDiv(bundleBytes / WORD_BYTES, Integer.SIZE);
  }

  /** The stream of bundles of {@code bundleBytes} each. */
  public static byte[] compress(byte[] words, int bundleBytes) {
    int each = bundleBytes / WORD_BYTES;
    int headers = headerWords(bundleBytes);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int from = 0; from < words.length; from += bundleBytes) {
      byte[] bundle = new byte[(headers + each) * WORD_BYTES];
      int at = headers;
      for (int k = 0; k < each; k++) {
        int word = (int) INT.get(words, from + k * WORD_BYTES);
        if (word != 0) {
          int header = k / Integer.SIZE * WORD_BYTES;
          INT.set(bundle, header, (int) INT.get(bundle, header) | 1 << k % Integer.SIZE);
          INT.set(bundle, at++ * WORD_BYTES, word);
        }
      }
      stream.writeBytes(
          Arrays.copyOf(bundle, Math.ceilDiv(at * WORD_BYTES, ENTRY_BYTES) * ENTRY_BYTES));
    }
    return stream.toByteArray();
  }

  /**
   * The first {@code count} bundles of the stream that begins at {@code offset}.
   *
   * @throws IllegalArgumentException if the stream ends before, or names a word that bundles of
   *     {@code bundleBytes} do not have
   */
  public static Expanded expand(byte[] stream, int offset, int bundleBytes, int count) {
    int each = bundleBytes / WORD_BYTES;
    int headers = headerWords(bundleBytes);
    byte[] words = new byte[Math.multiplyExact(bundleBytes, count)];
    int[] ends = new int[count];
    int start = offset;
    for (int i = 0; i < count; i++) {
      int at = start + headers * WORD_BYTES;
      for (int k = 0; k < headers * Integer.SIZE; k++) {
        int header = get(stream, start + k / Integer.SIZE * WORD_BYTES, i);
        if ((header >>> k % Integer.SIZE & 1) == 0) {
          continue;
        }
        if (k >= each) {
          throw new IllegalArgumentException(
              "bundle %d has a word beyond its %d bytes".formatted(i, bundleBytes));
        }
        INT.set(words, i * bundleBytes + k * WORD_BYTES, get(stream, at, i));
        at += WORD_BYTES;
      }
      start += Math.ceilDiv(at - start, ENTRY_BYTES) * ENTRY_BYTES;
      ends[i] = start - offset;
    }
    return new Expanded(words, ends);
  }

  private static int get(byte[] stream, int at, int bundle) {
    if (at + WORD_BYTES > stream.length) {
      throw new IllegalArgumentException(
          "the bundles end in bundle " + bundle + ", at byte " + stream.length);
    }
    return (int) INT.get(stream, at);
  }
}
