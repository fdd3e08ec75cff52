// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.Optional;

/**
 * The instructions of one program, as its family reads them. They are numbered from 0 in the order
 * of the program, those that retire in each unit in the order of retirement.
 */
public interface Instructions {

  /** Bytes of the stream that the machine fetches, the end of the program included. */
  int bytes();

  /** An instruction's text, which the assembler reads. */
  String assembly(int instruction);

  /**
   * The unit that an instruction retires in, one of the test bench's.
   *
   * @return empty for the one that ends the program, in the last cycle of the run
   */
  Optional<String> unit(int instruction);

  /** Whether an instruction writes the byte of off-chip memory at {@code address}. */
  boolean writes(int instruction, long address);
}
