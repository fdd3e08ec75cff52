// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.verilog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lockstep.isa.Field;
import lockstep.isa.Format;
import org.junit.jupiter.api.Test;

class VerilogModuleTest {
  private static final Format MOVE =
      new Format(
          "move",
          1,
          List.of(
              new Field("row", 2, 5, false, "where to"),
              new Field("step", 7, 4, true, "how far"),
              new Field("mode", 11, 1, false, "how")),
          "moves");

  private static final class Table extends Constants {
    Table() {
      super("toy", name -> MOVE);
      constant("W", 8);
      constant("DEPTH", 3);
      constant("UNUSED", 1);
    }
  }

  private static final String TEMPLATE =
      """
      module @FAMILY@_mover (
          input logic clk,
          input logic [8*W-1:0] word
      );
        //FIELDS move word w_
        // UNUSED
        wire [7:0] there = 8'(w_row) + 8'(w_step) + 8'(DEPTH);
      endmodule
      """;

  @Test
  void aTemplateBecomesAModuleWithTheConstantsAndFieldsThatItUses() {
    VerilogModule module = VerilogModule.of(new Table(), TEMPLATE);
    assertThat(module.fileName()).isEqualTo("toy_mover.sv");
    assertThat(module.text())
        .isEqualTo(
            """
            module toy_mover #(
                localparam int W = 8,
                localparam int DEPTH = 3
            ) (
                input logic clk,
                input logic [8*W-1:0] word
            );
              wire [4:0] w_row = word[6:2];
              wire signed [3:0] w_step = word[10:7];
              wire unused_w_word = &{1'b0, word};
              // UNUSED
              wire [7:0] there = 8'(w_row) + 8'(w_step) + 8'(DEPTH);
            endmodule
            """);
  }

  @Test
  void aParameterComesBeforeTheConstants() {
    assertThat(VerilogModule.of(new Table(), TEMPLATE).withParameter("N", 2).text())
        .startsWith(
            """
            module toy_mover #(
                parameter int N = 2,
                localparam int W = 8,
            """);
  }

  @Test
  void anUnknownConstantIsNotZero() {
    assertThatThrownBy(() -> new Table().value("HEIGHT")).hasMessage("no constant HEIGHT");
  }
}
