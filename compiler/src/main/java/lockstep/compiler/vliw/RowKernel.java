// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import java.util.Map;
import lockstep.compiler.vliw.RowForm.Codes;

/**
 * What is done to rows of codes, in three passes over each: two gather statistics, the last gives
 * the codes. The statistics of a row are in registers.
 */
interface RowKernel {

  /** Of 256 entries each, from code -128 on. */
  List<byte[]> tables();

  /** Numbers of each element of a row that the last pass reads: one array for each. */
  List<int[]> parameters();

  /** In a few words, pass by pass. */
  List<String> passes();

  /** The operations on so many rows (or vectors of rows) at a time. */
  Rows rows(int count);

  /** Operations on rows; the registers between passes are the same for all. */
  interface Rows {
    /** Numbers of the registers that keep their values from code to code. */
    Map<Register, Integer> fixed();

    /** Writes those that hold the same for all rows. */
    List<Operation> known();

    /** Writes the others at the beginning of a row. */
    List<Operation> start();

    /** The first pass, for a vector. */
    void first(RowBody body, int row, Codes codes);

    /** Behind the first pass. */
    void afterFirst(RowBody body);

    /** The second pass, for a vector. */
    void second(RowBody body, int row, Codes codes);

    /** Behind the second pass. */
    void afterSecond(RowBody body);

    /** The third pass: writes codes of the quarters to {@code to}, each to its place. */
    void third(RowBody body, int row, Codes codes, Register to);
  }
}
