// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/**
 * One array as NumPy's {@code save} writes it: magic, version, the length of a header, the header
 * (element type, order, shape as a Python literal), then the elements. Format: {@code
 * numpy.lib.format}, versions 1 to 3.
 */
final class NumpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern TYPE = Pattern.compile("'descr': *'([<>|=]?)([a-z])([0-9]+)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order': *(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");

  private final ByteBuffer bytes;
  private final String where;

  private NumpyFile(byte[] bytes, String where) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.where = where;
  }

  /**
   * @param where the file's name for messages
   * @throws UserError for a file that is no array of numbers or truth values
   */
  static Constant read(byte[] bytes, String where) {
    return new NumpyFile(bytes, where).read();
  }

  private Constant read() {
    int fixed = MAGIC.length + 2;
    if (bytes.limit() < fixed + 2 || !Arrays.equals(bytes.array(), 0, 6, MAGIC, 0, 6)) {
      throw damaged("it does not start as an array");
    }
    boolean wide = bytes.get(MAGIC.length) > 1;
    int start = fixed + (wide ? 4 : 2);
    long length =
        bytes.limit() < start
            ? Long.MAX_VALUE
            : wide ? bytes.getInt(fixed) & 0xffffffffL : bytes.getShort(fixed) & 0xffff;
    if (length > bytes.limit() - start) {
      throw damaged("its header is cut off");
    }
    String header = new String(bytes.array(), start, (int) length, StandardCharsets.ISO_8859_1);
    Shape shape = shape(find(SHAPE, header).group(1));
    if (find(ORDER, header).group(1).equals("True") && shape.rank() > 1) {
      throw new UserError(
          where + ": its elements are in column order; save numpy.ascontiguousarray of it");
    }
    Matcher type = find(TYPE, header);
    bytes.order(type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int width = Integer.parseInt(type.group(3));
    int data = start + (int) length;
    if (width * shape.elements() != bytes.limit() - data) {
      throw damaged("it holds " + (bytes.limit() - data) + " bytes for the shape " + shape);
    }
    bytes.position(data);
    return elements(type.group(2) + type.group(3), shape);
  }

  private Constant elements(String type, Shape shape) {
    int count = (int) shape.elements();
    return switch (type) {
      case "f2", "f4", "f8" -> {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
          values[i] =
              switch (type) {
                case "f2" -> Float.float16ToFloat(bytes.getShort());
                case "f4" -> bytes.getFloat();
                default -> (float) bytes.getDouble();
              };
        }
        yield new Constant.Floats(shape, values);
      }
      case "b1" -> integers(ElementType.BOOL, shape);
      case "u1" -> integers(ElementType.UINT8, shape);
      case "i1" -> integers(ElementType.INT8, shape);
      case "u2" -> integers(ElementType.UINT16, shape);
      case "i2" -> integers(ElementType.INT16, shape);
      case "i4" -> integers(ElementType.INT32, shape);
      case "i8" -> integers(ElementType.INT64, shape);
      default ->
          throw new UserError(
              where
                  + ": its element type "
                  + type
                  + " is not read; save floats, int8, uint8, int16, uint16, int32, int64 or bool");
    };
  }

  private Constant integers(ElementType element, Shape shape) {
    long[] values = new long[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (element.bytes()) {
            case Long.BYTES -> bytes.getLong();
            case Integer.BYTES -> bytes.getInt();
            case Short.BYTES ->
                element == ElementType.INT16 ? bytes.getShort() : bytes.getShort() & 0xffff;
            default -> element == ElementType.INT8 ? bytes.get() : bytes.get() & 0xff;
          };
    }
    return new Constant.Integers(element, shape, values);
  }

  private Shape shape(String text) {
    List<Integer> dims = new ArrayList<>();
    try {
      for (String dim : text.split(",")) {
        if (!dim.isBlank()) {
          dims.add(Integer.parseInt(dim.strip()));
        }
      }
      return new Shape(dims);
    } catch (IllegalArgumentException e) {
      throw damaged("its shape is (" + text + ")");
    }
  }

  private Matcher find(Pattern pattern, String header) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw damaged("its header is " + header.strip());
    }
    return matcher;
  }

  private UserError damaged(String how) {
    return new UserError(where + ": not an array that NumPy saved: " + how);
  }
}
