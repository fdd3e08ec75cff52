// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.Map;
import lockstep.isa.InterpolatedTable;
import lockstep.rtl.verilog.VerilogModule;

/**
 * One lane of {@code reciprocal} and {@code root}: straight pieces between the entries of a table.
 * Both functions fall, so a piece is its first entry and how far it falls from there.
 *
 * <pre>
 * value --> leading 1 --> shift --> index, fraction --> piece --> entry - fall x fraction
 *                    +--> exponent
 * </pre>
 */
final class Inverse {
  private Inverse() {}

  static VerilogModule module(Sizes sizes) {
    StringBuilder pieces = new StringBuilder();
    pieces(pieces, 0, InterpolatedTable.RECIPROCAL);
    pieces(pieces, InterpolatedTable.PIECES, InterpolatedTable.RECIPROCAL_SQRT);
    return VerilogModule.of(
        sizes, VerilogModule.fill(TEXT, Map.of("PIECES", pieces.toString().stripTrailing())));
  }

  private static void pieces(StringBuilder text, int first, InterpolatedTable table) {
    int[] entries = table.entries();
    for (int i = 0; i < InterpolatedTable.PIECES; i++) {
      text.append(
          "      9'd%d: piece = {18'd%d, 9'd%d};\n"
              .formatted(first + i, entries[i], entries[i] - entries[i + 1]));
    }
  }

  private static final String TEXT =
      """
      module @FAMILY@_inverse (
          input logic [31:0] value,
          input logic root,
          input logic exponent,
          output logic [31:0] result
      );
        logic [4:0] place;
        logic [26:0] piece;

        always_comb begin
          place = 5'd0;
          for (int i = 1; i < 32; i++) if (value[i]) place = 5'(i);
        end

        wire [31:0] aligned = value << (5'd31 - place);
        wire [23:0] behind = aligned[30:7];
        wire [8:0] index = root ? {1'b1, place[0], behind[23:17]} : {1'b0, behind[23:16]};
        wire [15:0] fraction = root ? behind[16:1] : behind[15:0];

        always_comb
          case (index)
      @PIECES@
          endcase

        wire [24:0] product = 25'(piece[8:0]) * 25'(fraction);
        wire [24:0] rounded = product + 25'h7fff;
        wire [17:0] mantissa = piece[26:9] - 18'(rounded[24:16]);
        wire [4:0] power = root ? place >> 1 : place;
        wire unused = &{1'b0, aligned[31], aligned[6:0], rounded[15:0]};

        assign result = exponent ? 32'(power) : 32'(mantissa);
      endmodule
      """;
}
