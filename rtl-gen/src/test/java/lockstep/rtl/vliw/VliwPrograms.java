// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.nio.file.Path;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.BundleStream;
import lockstep.isa.Stream;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.VliwIsa;
import lockstep.rtl.MachineVerilog;
import lockstep.rtl.RtlRun;
import lockstep.rtl.VerilatedModel;
import lockstep.rtl.VerilatedModel.Variant;
import lockstep.sim.RunResult;

/** Programs in bundle text, run by the Verilog; they lie at 0, data from {@link #DATA} on. */
final class VliwPrograms {
  /** Where data begin. */
  static final int DATA = 8192;

  private static final int MEMORY_BYTES = 16384;
  private static final long MOST_CYCLES = 100_000;
  private static final Path CACHE = Path.of("target", "verilated");

  private VliwPrograms() {}

  static Program program(VliwArchitecture machine, String text, byte[] data) {
    BundleSet isa = VliwIsa.of(machine);
    byte[] words = new BundleText(isa).assemble(text, "program.s");
    byte[] stream = BundleStream.compress(words, isa.bytes());
    int count = words.length / isa.bytes();
    byte[] memory = new byte[MEMORY_BYTES];
    System.arraycopy(stream, 0, memory, 0, stream.length);
    System.arraycopy(data, 0, memory, DATA, data.length);
    return new Program(
        "by-hand",
        "",
        Stream.BUNDLES,
        isa.bytes(),
        0,
        count,
        List.of(new Program.Segment(0, memory)),
        memory.length,
        List.of(),
        new int[count],
        List.of(
            new Program.LayerInfo(
                "layer", 0, "by hand", "", 0, "nothing", 0, "", Program.Stripes.NONE)));
  }

  /** What the Verilog does with it; fails if it does not end as it should. */
  static RunResult run(VliwArchitecture machine, String text, byte[] data)
      throws InterruptedException {
    RtlRun run =
        VerilatedModel.build(MachineVerilog.of(machine), CACHE, Variant.QUICK)
            .run(program(machine, text, data), MOST_CYCLES, null);
    if (run.complaint().isPresent()) {
      throw new AssertionError("the Verilog " + run.complaint().get());
    }
    return run.result();
  }

  /** The same in an AXI system that stalls at random. */
  static RunResult runStalling(VliwArchitecture machine, String text, byte[] data, long seed)
      throws InterruptedException {
    return VerilatedModel.build(MachineVerilog.of(machine), CACHE, Variant.QUICK)
        .runStalling(program(machine, text, data), seed);
  }

  /** Bundles that do nothing. */
  static String empty(int count) {
    return "{ }\n".repeat(count);
  }

  /** A transfer of one run; {@code direction} 0 in, 1 out. */
  static String transfer(int direction, int memory, int local, int bytes) {
    return """
    { dma: set field=0, value=%d }
    { dma: set field=1, value=%d }
    { dma: set field=2, value=%d }
    { dma: set field=3, value=1 }
    { dma: set field=4, value=1 }
    { dma: set field=5, value=1 }
    { dma: start direction=%d }
    { dma: wait direction=%d, most=0 }
    """
        .formatted(memory, local, bytes, direction, direction);
  }

  static final String HALT = "{ scalar: halt }\n";
}
