// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import java.util.Locale;

/**
 * What describes a transfer between local and off-chip memory: {@code bytes} next to each other, in
 * three loops around each other, the third the outermost.
 */
public enum TransferField {
  MEMORY("byte address off chip"),
  LOCAL("byte address in local memory"),
  BYTES("bytes next to each other"),
  COUNT1("times, inner loop"),
  COUNT2("times, middle loop"),
  COUNT3("times, outer loop"),
  MEMORY_STEP1("bytes off chip, inner loop"),
  MEMORY_STEP2("bytes off chip, middle loop"),
  MEMORY_STEP3("bytes off chip, outer loop"),
  LOCAL_STEP1("bytes in local memory, inner loop"),
  LOCAL_STEP2("bytes in local memory, middle loop"),
  LOCAL_STEP3("bytes in local memory, outer loop"),
  CONSTANT("code that is written where the transfer reads no memory");

  private final String meaning;

  TransferField(String meaning) {
    this.meaning = meaning;
  }

  /** The field's name in text. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String meaning() {
    return meaning;
  }
}
