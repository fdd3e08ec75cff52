// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lockstep.compiler.program.Program;
import lockstep.isa.Assembler;
import lockstep.isa.InstructionSet;
import lockstep.isa.InstructionStream;
import lockstep.isa.Stream;
import lockstep.isa.systolic.SystolicIsa;
import org.junit.jupiter.api.Test;

class SystolicWorkTest {
  @Test
  void countsWhatTheStoresOfEachLayerDo() {
    InstructionSet isa = SystolicIsa.of(Machines.small("unit", "ddr4"));
    byte[] words =
        new Assembler(isa)
            .assemble(
                """
                execute k_rows=2, n_y=1, n_x=4
                store n_y=2, n_x=3, pool_h=1, pool_w=1, stride_y=1, stride_x=1, tile_h=2, \
                tile_w=3, channels=4, leak=32768
                store n_y=2, n_x=2, pool_h=3, pool_w=3, stride_y=2, stride_x=2, pad_y=1, \
                pad_x=1, tile_h=4, tile_w=4, channels=3, residual=1, leak=100
                halt
                """,
                "p.s");
    Program program =
        new Program(
            "p",
            "",
            Stream.INSTRUCTIONS,
            isa.wordBytes(),
            0,
            4,
            List.of(new Program.Segment(0, InstructionStream.compress(words, isa.wordBytes(), 4))),
            4096,
            List.of(),
            new int[] {0, 0, 1, 1},
            List.of(
                new Program.LayerInfo("a", 70, "", "", 0, "", 0, "", Program.Stripes.NONE),
                new Program.LayerInfo("b", 8, "", "", 0, "", 0, "", Program.Stripes.NONE)));
    // words of the stream: execute 3, store 6 and 8, halt 1; each written twice, then all of it
    int store = isa.format("store").bits();
    int bitsOfA = 2 * 32 * (3 + 6) + isa.format("execute").bits() + store;
    int bitsOfB = 2 * 32 * (8 + 1) + store;
    // 3x3 windows from -1 and 1 of 4: 2 and 3 taps each way, so (2 + 3) squared in all
    assertThat(SystolicWork.layers(program, isa))
        .containsExactly(
            new SystolicWork(70, 24, 0, 0, 0, 1, bitsOfA),
            new SystolicWork(8, 12, 12, 12, (25 - 4) * 3, 1, bitsOfB));
    assertThat(SystolicWork.of(program, isa))
        .isEqualTo(new SystolicWork(78, 36, 12, 12, 63, 2, bitsOfA + bitsOfB));
  }
}
