// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;

/**
 * The long arrays of a text, each under a hash of its bytes, little-endian: what stands in the text
 * is {@code @hash}. Equal arrays are kept once, and a text without its pool still shows whether two
 * arrays are equal.
 */
public final class DataPool {
  private static final int HASH_BYTES = 8;

  private final Map<String, byte[]> arrays = new HashMap<>();

  /** Keeps an array of a primitive type and returns its hash. */
  String keep(Object array) {
    byte[] bytes = bytes(array);
    String hash = hash(bytes);
    arrays.put(hash, bytes);
    return hash;
  }

  /**
   * The array of a hash.
   *
   * @param element its primitive type
   * @throws UserError if the pool does not hold it
   */
  Object array(String hash, Class<?> element) {
    byte[] bytes = arrays.get(hash);
    if (bytes == null) {
      throw new UserError(
          "the text refers to data @" + hash + ", which stands in no data file beside it");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (element == byte.class) {
      return bytes.clone();
    } else if (element == short.class) {
      short[] values = new short[bytes.length / Short.BYTES];
      buffer.asShortBuffer().get(values);
      return values;
    } else if (element == int.class) {
      int[] values = new int[bytes.length / Integer.BYTES];
      buffer.asIntBuffer().get(values);
      return values;
    } else if (element == long.class) {
      long[] values = new long[bytes.length / Long.BYTES];
      buffer.asLongBuffer().get(values);
      return values;
    } else if (element == float.class) {
      float[] values = new float[bytes.length / Float.BYTES];
      buffer.asFloatBuffer().get(values);
      return values;
    }
    throw new IllegalArgumentException("arrays of " + element);
  }

  private static byte[] bytes(Object array) {
    return switch (array) {
      case byte[] values -> values;
      case short[] values -> {
        ByteBuffer buffer = room((long) values.length * Short.BYTES);
        buffer.asShortBuffer().put(values);
        yield buffer.array();
      }
      case int[] values -> {
        ByteBuffer buffer = room((long) values.length * Integer.BYTES);
        buffer.asIntBuffer().put(values);
        yield buffer.array();
      }
      case long[] values -> {
        ByteBuffer buffer = room((long) values.length * Long.BYTES);
        buffer.asLongBuffer().put(values);
        yield buffer.array();
      }
      case float[] values -> {
        ByteBuffer buffer = room((long) values.length * Float.BYTES);
        buffer.asFloatBuffer().put(values);
        yield buffer.array();
      }
      default -> throw new IllegalArgumentException("arrays of " + array.getClass());
    };
  }

  private static ByteBuffer room(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a JDK without SHA-256", e);
    }
  }

  /** The pool as a ZIP archive whose entries are named by hash; equal pools, equal bytes. */
  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> each : new TreeMap<>(arrays).entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(each.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a file of {@link #bytes}.
   *
   * @throws UserError if the file cannot be read or is no such archive
   */
  public static DataPool read(Path file) {
    DataPool pool = new DataPool();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
        ZipEntry entry = e.nextElement();
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        if (!hash(bytes).equals(entry.getName())) {
          throw new UserError(file + ": the contents of @" + entry.getName() + " are damaged");
        }
        pool.arrays.put(entry.getName(), bytes);
      }
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + FileFailure.words(e));
    }
    return pool;
  }
}
