// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.isa.BundleStream;
import lockstep.isa.Stream;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.VliwIsa;

/** A program of two layers: one brings codes in and multiplies them, the other takes them out. */
final class HandProgram {
  static final int FIRST_LAYER = 16;

  private static final String TEXT =
      """
      { scalar: li to=0, value=0; dma: set field=0, value=8192 }
      { dma: set field=1, value=0 }
      { dma: set field=2, value=1024 }
      { dma: set field=3, value=1 }
      { dma: set field=4, value=1 }
      { dma: set field=5, value=1 }
      { dma: start direction=0 }
      { dma: wait direction=0, most=0 }
      { scalar: loop count=8, bundles=7 }
      { load0: load base=0, to=0, post=1, step=4; load1: load base=0, to=1, step=8 }
      { load0: load base=0, to=2 }
      { scalar: loop count=10, bundles=2 }
      { }
      { matrix: multiply to=0, left=0, right=1, add=1 }
      { vector: sums to=4, from=0, part=1 }
      { scalar: addi to=1, a=1, value=1 }
      { dma: set field=0, value=16384 }
      { dma: start direction=1 }
      { dma: wait direction=1, most=0 }
      { scalar: halt }
      """;

  private HandProgram() {}

  static VliwArchitecture machine(String... overrides) {
    return (VliwArchitecture)
        SpecLoader.load(Path.of("../arch-specs/npu-aie-like.yaml"), List.of(overrides))
            .architecture();
  }

  /** The program for a machine. */
  static Program of(VliwArchitecture machine) {
    var isa = VliwIsa.of(machine);
    byte[] words = new BundleText(isa).assemble(TEXT, "hand.s");
    int count = words.length / isa.bytes();
    int[] layerOf = new int[count];
    java.util.Arrays.fill(layerOf, FIRST_LAYER, count, 1);
    byte[] stream = BundleStream.compress(words, isa.bytes());
    return new Program(
        "hand",
        "",
        Stream.BUNDLES,
        isa.bytes(),
        0,
        count,
        List.of(new Program.Segment(0, stream)),
        32768,
        List.of(new Program.Region("code", Program.Region.Kind.PROGRAM, 0, stream.length)),
        layerOf,
        List.of(layer("multiply", 5000), layer("out", 0)));
  }

  private static Program.LayerInfo layer(String name, long macs) {
    return new Program.LayerInfo(
        name, macs, "by hand", "", 1, "compute", 1024, "none", Program.Stripes.NONE);
  }

  /** The program as the whole of some model. */
  static CompiledModel model(VliwArchitecture machine) {
    return new CompiledModel(
        RandomNetwork.draw(new SplittableRandom(1), 1, 4),
        List.of(new CompiledModel.Accelerator(of(machine))),
        Map.of());
  }
}
