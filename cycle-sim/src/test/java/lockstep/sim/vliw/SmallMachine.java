// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.arch.vliw.VliwArchitecture.AccumulatorFile;
import lockstep.arch.vliw.VliwArchitecture.LocalMemory;
import lockstep.arch.vliw.VliwArchitecture.Matrix;
import lockstep.arch.vliw.VliwArchitecture.Registers;
import lockstep.arch.vliw.VliwArchitecture.ScalarFile;
import lockstep.arch.vliw.VliwArchitecture.Slots;
import lockstep.arch.vliw.VliwArchitecture.Special;
import lockstep.arch.vliw.VliwArchitecture.Store;
import lockstep.arch.vliw.VliwArchitecture.Unit;
import lockstep.arch.vliw.VliwArchitecture.VectorFile;
import lockstep.compiler.program.Program;
import lockstep.isa.BundleStream;
import lockstep.isa.Stream;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.VliwIsa;

/**
 * A machine whose cycles can be counted by hand: vectors of 8 codes or 2 lanes, words of 4 bytes in
 * 4 banks, products of 2 x 4 by 4 x 2 codes, a beat of 16 bytes a cycle without latency.
 *
 * <p>On it entry n of a program is in the fetch buffer in cycle 3 + n: the first group is granted
 * in 0, its beats are on the channel in 2 to 5, and the groups behind it follow without a gap. So
 * bundle n may issue in 5 + n, as long as each bundle is one entry.
 */
final class SmallMachine {
  static final int MEMORY_BYTES = 16384;

  int scalarLatency = 1;
  int matrixLatency = 3;
  int vectorSlots = 1;
  int banks = 4;
  int ports = 1;
  int words = 128;
  int instructionMemory = 64;
  int fetchDepth = 8;
  int loopDepth = 3;
  int transferDepth = 2;
  int beatBytes = 16;
  int outstanding = 2;
  int burstBeats = 4;
  int latency;
  int bytesPerCycle = 16;
  int vectorWritePorts = 8;
  int accumulatorReadPorts = 4;

  VliwArchitecture machine() {
    return new VliwArchitecture(
        "small",
        new Slots(
            new Unit(1, scalarLatency),
            new Unit(2, 3),
            new Store(1),
            new Matrix(1, matrixLatency, 2, 2, 4),
            new Unit(vectorSlots, 2),
            new Special(1, 3, 2),
            new Unit(1, 2)),
        new Registers(
            new ScalarFile(8, 16, 8),
            new VectorFile(8, 8, 16, vectorWritePorts),
            new AccumulatorFile(4, accumulatorReadPorts, 4)),
        new LocalMemory(4L * words, banks, 4, ports),
        instructionMemory,
        fetchDepth,
        loopDepth,
        transferDepth,
        new Dma(beatBytes, outstanding, burstBeats),
        new OffChipMemory("unit", latency, bytesPerCycle, 1 << 20),
        1000,
        "unit");
  }

  /** Runs bundles given as text, one a line, with values. */
  VliwRun run(String text, Program.Segment... data) {
    VliwArchitecture machine = machine();
    return VliwSimulator.run(machine, program(machine, text, MEMORY_BYTES, data), true);
  }

  /** The program of bundles given as text, at address 0. */
  static Program program(
      VliwArchitecture machine, String text, long memoryBytes, Program.Segment... data) {
    BundleSet isa = VliwIsa.of(machine);
    byte[] words = new BundleText(isa).assemble(text, "test.s");
    int count = words.length / isa.bytes();
    List<Program.Segment> segments = new ArrayList<>();
    segments.add(new Program.Segment(0, BundleStream.compress(words, isa.bytes())));
    segments.addAll(List.of(data));
    return new Program(
        "test",
        "",
        Stream.BUNDLES,
        isa.bytes(),
        0,
        count,
        segments,
        memoryBytes,
        List.of(),
        new int[count],
        List.of(new Program.LayerInfo("test", 0, "", "", 0, "", 0, "", Program.Stripes.NONE)));
  }

  /** Seven bundles that start a transfer of one run. */
  static String transfer(int direction, int memory, int local, int bytes) {
    return """
    { dma: set field=0, value=%d }
    { dma: set field=1, value=%d }
    { dma: set field=2, value=%d }
    { dma: set field=3, value=1 }
    { dma: set field=4, value=1 }
    { dma: set field=5, value=1 }
    { dma: start direction=%d }
    """
        .formatted(memory, local, bytes, direction);
  }

  static String nops(int count) {
    return "{ }\n".repeat(count);
  }

  static final String HALT = "{ scalar: halt }\n";
}
