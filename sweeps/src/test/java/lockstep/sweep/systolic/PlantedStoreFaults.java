// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.List;

/**
 * Mistakes in how store writes scratchpad rows, as programs of the compiler show them; {@code
 * DrawnFaultsTest} has those that only drawn instructions show.
 */
final class PlantedStoreFaults {
  private PlantedStoreFaults() {}

  static final List<PlantedFault> ALL =
      List.of(
          new PlantedFault(
              "on chip: a pixel's row is two below the one before",
              "systolic_store_rows.sv",
              "row <= row + SA'(1);",
              "row <= row + SA'(2);"),
          new PlantedFault(
              "on chip: the next line follows without a gap",
              "systolic_store_rows.sv",
              "next_line_row = line_row + line_stride;",
              "next_line_row = row;"),
          new PlantedFault(
              "on chip: the lane is ignored",
              "systolic_store_rows.sv",
              "position <= w_lane;",
              "position <= '0;"),
          new PlantedFault(
              "on chip: only the first pixel starts at the lane",
              "systolic_store_rows.sv",
              "position <= last_chunk ? lane :",
              "position <= last_chunk ? '0 :"),
          new PlantedFault(
              "on chip: done with the first line",
              "systolic_store_rows.sv",
              "advance && flush && flush_ends;",
              "advance && flush;"),
          new PlantedFault(
              "on chip: retires a cycle early",
              "systolic_store_address.sv",
              "oldest[0] && kept != '0;",
              "oldest[0] && (kept != '0 || ends_on_chip);"),
          new PlantedFault(
              "on chip: retires a cycle late",
              "systolic_store_address.sv",
              "wire retire_on_chip = unretired && oldest[0] && kept != '0;",
              "logic kept_before;\n"
                  + "  always_ff @(posedge clk) kept_before <= kept != '0 && !retire_on_chip;\n"
                  + "  wire retire_on_chip = unretired && oldest[0] && kept != '0 && kept_before;"),
          new PlantedFault(
              "on chip: the packer pushes, too",
              "systolic_store_packer.sv",
              "advance && off_chip && (full",
              "advance && (full"),
          new PlantedFault(
              "on chip: bursts are asked for, too",
              "systolic_store_address.sv",
              ".load(accept && !w_on_chip)",
              ".load(accept)"),
          new PlantedFault(
              "on chip: what is written is not counted",
              "systolic_counters.sv",
              "count_scratchpad_stores + 64'(scratchpad_stores)",
              "count_scratchpad_stores"));
}
