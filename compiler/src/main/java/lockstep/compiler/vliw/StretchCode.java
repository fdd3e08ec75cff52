// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.Program.LayerInfo;
import lockstep.compiler.program.Program.Region.Kind;
import lockstep.isa.BundleStream;
import lockstep.isa.Stream;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.VliwIsa;

/** The program of layers that follow each other on the machine. */
final class StretchCode {
  private static final int PAGE = 4096;
  private static final int ALIGNMENT = 128;

  private final TileForm form;
  private final VliwArchitecture machine;
  private final LoopSchedules schedules;
  private final VliwMemory memory;
  private final BundleCode code;
  private final Transfers transfers;
  private final Map<String, Integer> written = new HashMap<>();
  private final List<Program.Segment> constants = new ArrayList<>();
  private final List<LayerInfo> layers = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private final List<Kernel> kernels = new ArrayList<>();
  private final long firstConstant;
  private long top;

  /**
   * @param from address from which memory is free
   */
  StretchCode(TileForm form, LoopSchedules schedules, VliwMemory memory, long from) {
    this.form = form;
    machine = form.machine();
    this.schedules = schedules;
    this.memory = memory;
    code = new BundleCode(machine);
    transfers = new Transfers(machine, code);
    firstConstant = from;
    top = from;
  }

  List<Kernel> kernels() {
    return List.copyOf(kernels);
  }

  void add(Layer layer) {
    List<String> texts = new ArrayList<>();
    for (Work work : works(layer)) {
      Tiling tiling = Tiling.of(form, work);
      while (!tiling.schedules()) {
        tiling = Tiling.of(form, work);
      }
      new TileRun(form, work, tiling, code, transfers, written).emit();
      kernels.addAll(tiling.plan().kernels());
      texts.add(tiling.describe());
    }
    layers.add(VliwBounds.info(machine, layer, String.join("; ", texts)));
    ends.add(code.count());
  }

  private List<Work> works(Layer layer) {
    Contractions contractions = new Contractions(form);
    return switch (layer) {
      case Layer.Convolution c -> {
        Placement input = memory.of(c.input());
        Tensor residual = c.out().residual();
        Placement added = residual == null ? null : memory.of(residual);
        if (c.out().pool() == null) {
          yield List.of(contraction(contractions.of(c, input, memory.of(c.output()), added)));
        }
        Placement unpooled = memory.of(VliwMemory.unpooled(c));
        yield List.of(
            contraction(contractions.of(c, input, unpooled, added)),
            new PoolWork(
                form, c.name(), unpooled, c.out().pool(), memory.of(c.output()), schedules));
      }
      case Layer.MatrixProduct p ->
          List.of(
              contraction(
                  contractions.of(
                      p, memory.of(p.left()), memory.of(p.right()), memory.of(p.output()))));
      case Layer.Concat c ->
          List.of(
              contraction(
                  contractions.of(
                      c, c.inputs().stream().map(memory::of).toList(), memory.of(c.output()))));
      case Layer.View _, Layer.Host _, LaneLayer _ ->
          throw new IllegalArgumentException(layer.name() + " is not for the machine");
    };
  }

  private Work contraction(Contraction c) {
    byte[] slab = new Slab(form, c).bytes();
    long address = top;
    constants.add(new Program.Segment(address, slab));
    top += Math.ceilDiv((long) slab.length, (long) ALIGNMENT) * ALIGNMENT;
    return new ContractionWork(form, c, schedules, address);
  }

  /** The program of all layers. */
  Program program(String name, String specHash, List<Program.Region> tensors) {
    code.append(SlotKind.SCALAR, "halt", Map.of());
    ends.set(ends.size() - 1, code.count());
    int bytes = VliwIsa.of(machine).bytes();
    byte[] stream = BundleStream.compress(code.words(), bytes);
    long base = Math.ceilDiv(top, (long) PAGE) * PAGE;
    List<Program.Segment> segments = new ArrayList<>(constants);
    segments.add(new Program.Segment(base, stream));
    List<Program.Region> regions = new ArrayList<>(tensors);
    regions.add(new Program.Region("weights", Kind.WEIGHTS, firstConstant, top - firstConstant));
    regions.add(new Program.Region("program", Kind.PROGRAM, base, stream.length));
    int[] layerOf = new int[code.count()];
    int from = 0;
    for (int i = 0; i < ends.size(); i++) {
      Arrays.fill(layerOf, from, ends.get(i), i);
      from = ends.get(i);
    }
    return new Program(
        name,
        specHash,
        Stream.BUNDLES,
        bytes,
        base,
        code.count(),
        segments,
        base + stream.length,
        regions,
        layerOf,
        layers);
  }
}
