// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import lockstep.arch.UserError;

/**
 * A tensor known at compile time, row-major. The arrays are shared, not copied (a network's weights
 * may take a quarter of the heap), and nobody writes to them. Equality is that of contents.
 */
public sealed interface Constant {

  Shape shape();

  ElementType element();

  /** The numbers as floats, dequantised where they are codes; possibly the shared array itself. */
  float[] floats();

  /** The same elements in the same order under another shape. */
  Constant reshaped(Shape shape);

  /** Arbitrary floats. */
  record Floats(Shape shape, float[] floats) implements Constant {
    /** Elements, evenly apart, that the hash is made of. */
    private static final int HASHED = 1024;

    public Floats {
      requireLength(shape, floats.length);
    }

    @Override
    public ElementType element() {
      return ElementType.FLOAT;
    }

    @Override
    public Floats reshaped(Shape to) {
      return new Floats(to, floats);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Floats f && shape.equals(f.shape) && Arrays.equals(floats, f.floats);
    }

    @Override
    public int hashCode() {
      int hash = shape.hashCode();
      for (int i = 0; i < floats.length; i += 1 + floats.length / HASHED) {
        hash = 31 * hash + Float.hashCode(floats[i]);
      }
      return hash;
    }
  }

  /** One float everywhere; takes no memory however large. */
  record Splat(Shape shape, float value) implements Constant {
    @Override
    public ElementType element() {
      return ElementType.FLOAT;
    }

    @Override
    public float[] floats() {
      float[] values = new float[Math.toIntExact(shape.elements())];
      Arrays.fill(values, value);
      return values;
    }

    @Override
    public Splat reshaped(Shape to) {
      return new Splat(to, value);
    }
  }

  /**
   * Symmetric codes with their scales, as a quantised model stores its weights.
   *
   * @param scales one for all, or one for each index of dimension {@code axis}
   */
  record Codes(Shape shape, CodeArray codes, float[] scales, int axis) implements Constant {
    public Codes {
      requireLength(shape, codes.length());
      if (scales.length != 1 && scales.length != shape.dim(axis)) {
        throw new IllegalArgumentException(
            scales.length + " scales for axis " + axis + " of " + shape);
      }
    }

    /** Int8 codes. */
    public Codes(Shape shape, byte[] codes, float[] scales, int axis) {
      this(shape, new CodeArray.Int8(codes), scales, axis);
    }

    @Override
    public ElementType element() {
      return ElementType.FLOAT;
    }

    @Override
    public float[] floats() {
      float[] values = new float[codes.length()];
      long inner = shape.product(axis + 1, shape.rank());
      for (int i = 0; i < values.length; i++) {
        int channel = (int) (i / inner % shape.dim(axis));
        values[i] = codes.get(i) * scales[scales.length == 1 ? 0 : channel];
      }
      return values;
    }

    /** Keeps the scales, so per-channel codes must keep {@code axis} at the front. */
    @Override
    public Codes reshaped(Shape to) {
      if (scales.length > 1 && (axis != 0 || to.dim(0) != shape.dim(0))) {
        throw new IllegalArgumentException("cannot reshape " + shape + " scaled along " + axis);
      }
      return new Codes(to, codes, scales, 0);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Codes c
          && shape.equals(c.shape)
          && axis == c.axis
          && codes.equals(c.codes)
          && Arrays.equals(scales, c.scales);
    }

    @Override
    public int hashCode() {
      return 31 * shape.hashCode() + codes.hashCode();
    }
  }

  /** Integers of any integer or boolean element type. */
  record Integers(ElementType element, Shape shape, long[] values) implements Constant {
    public Integers {
      requireLength(shape, values.length);
    }

    /** The elements one after the other, little-endian, each of its type's size. */
    public byte[] bytes() {
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.multiplyExact(values.length, element.bytes()))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (long value : values) {
        switch (element.bytes()) {
          case Long.BYTES -> bytes.putLong(value);
          case Integer.BYTES -> bytes.putInt((int) value);
          case Short.BYTES -> bytes.putShort((short) value);
          default -> bytes.put((byte) value);
        }
      }
      return bytes.array();
    }

    /**
     * Integers given as floats.
     *
     * @throws UserError for a number that is no integer, or one so large that a float may have
     *     rounded it
     */
    public static Integers of(ElementType element, Shape shape, float[] floats) {
      long[] values = new long[floats.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (long) floats[i];
        if (values[i] != floats[i] || Math.abs(values[i]) >= 1 << 24) {
          throw new UserError(
              floats[i]
                  + " is given for an input of type "
                  + element
                  + "; give integers below 2^24");
        }
      }
      return new Integers(element, shape, values);
    }

    /** Reads what {@link #bytes} gives. */
    public static Integers of(ElementType element, Shape shape, byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      long[] values = new long[Math.toIntExact(shape.elements())];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (element.bytes()) {
              case Long.BYTES -> buffer.getLong();
              case Integer.BYTES -> buffer.getInt();
              case Short.BYTES ->
                  element == ElementType.INT16 ? buffer.getShort() : buffer.getShort() & 0xffff;
              default -> element == ElementType.INT8 ? buffer.get() : buffer.get() & 0xff;
            };
      }
      return new Integers(element, shape, values);
    }

    @Override
    public float[] floats() {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values[i];
      }
      return floats;
    }

    @Override
    public Integers reshaped(Shape to) {
      return new Integers(element, to, values);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Integers i
          && element == i.element
          && shape.equals(i.shape)
          && Arrays.equals(values, i.values);
    }

    @Override
    public int hashCode() {
      return 31 * shape.hashCode() + Arrays.hashCode(values);
    }
  }

  default ValueType type() {
    return new ValueType(element(), shape());
  }

  private static void requireLength(Shape shape, int length) {
    if (shape.elements() != length) {
      throw new IllegalArgumentException(length + " elements for shape " + shape);
    }
  }
}
