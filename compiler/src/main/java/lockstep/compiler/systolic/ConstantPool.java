// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.io.ByteArrayOutputStream;

/** Weights and parameters, appended in the order in which the machine reads them. */
final class ConstantPool {
  private static final int ALIGNMENT = 128;
  private final long base;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);

  ConstantPool(long base) {
    this.base = base;
  }

  /** Appends {@code content} at an address aligned to the widest port, and returns that address. */
  long add(byte[] content) {
    while ((base + bytes.size()) % ALIGNMENT != 0) {
      bytes.write(0);
    }
    long address = base + bytes.size();
    bytes.writeBytes(content);
    return address;
  }

  long base() {
    return base;
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
