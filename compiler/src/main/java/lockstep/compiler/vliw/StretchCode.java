// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Axis;
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
  private final List<MappingRule> rules;
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
   * @param rules what the user chose of the mapping of layers
   * @param from address from which memory is free
   */
  StretchCode(
      TileForm form,
      LoopSchedules schedules,
      VliwMemory memory,
      List<MappingRule> rules,
      long from) {
    this.form = form;
    this.rules = rules;
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
    MappingRule rule = MappingRule.of(rules, layer.name());
    for (Work work : works(layer)) {
      if (!texts.isEmpty()) {
        // the tile that the rule says is that of the layer's first work
        Tensor y = work.output().tensor();
        rule = rule.atMost(y.h(), y.w(), form.blocks(y.c()));
      }
      Tiling tiling = TilingSearch.of(form, work, rule);
      if (work instanceof GatherWork gather) {
        gather.prepare(tiling.tiles(form, work.output()), tiling.outputs().getFirst());
        constants.add(new Program.Segment(gather.constantsAt(), gather.constants()));
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
            vectors(c.name(), new GreatestKernel(unpooled, c.out().pool()), memory.of(c.output())));
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
      case LaneLayer.Lookup l ->
          List.of(
              vectors(
                  l.name(),
                  new LookupKernel(form, Contractions.flat(memory.of(l.input())), l.table()),
                  Contractions.flat(memory.of(l.output()))));
      case LaneLayer.Elementwise e -> {
        Placement left = memory.of(e.left());
        Placement right = memory.of(e.right());
        Placement to = memory.of(e.output());
        if (pixels(e.left()) == pixels(e.output()) && pixels(e.right()) == pixels(e.output())) {
          left = Contractions.flat(left);
          right = Contractions.flat(right);
          to = Contractions.flat(to);
        }
        yield List.of(vectors(e.name(), new CombinationKernel(form, e, left, right), to));
      }
      case LaneLayer.Data d -> {
        Placement to = memory.of(d.output());
        byte[] image = new byte[Math.toIntExact(to.base() + to.imageStride() * d.output().n())];
        to.write(d.codes(), image);
        int base = Math.toIntExact(to.base());
        constants.add(new Program.Segment(base, Arrays.copyOfRange(image, base, image.length)));
        yield List.of();
      }
      case LaneLayer.Reduce r -> reduced(r);
      case LaneLayer.Move m ->
          List.of(gather(m.name(), Gather.of(m, memory.of(m.input())), memory.of(m.output())));
      case LaneLayer.Join j ->
          List.of(
              gather(
                  j.name(),
                  Gather.of(j, j.inputs().stream().map(memory::of).toList()),
                  memory.of(j.output())));
      case Layer.View v ->
          List.of(gather(v.name(), Gather.of(v, memory.of(v.input())), memory.of(v.output())));
      case LaneLayer.Softmax s -> {
        RowForm rows = rows(s.axis(), s.input());
        yield List.of(rows(s, rows, new SoftmaxRows(rows, s)));
      }
      case LaneLayer.Normalisation n -> {
        RowForm rows = rows(n.axis(), n.input());
        yield List.of(rows(n, rows, new NormalisationRows(rows, n)));
      }
      case Layer.Host _ ->
          throw new IllegalArgumentException(layer.name() + " is not for the machine");
    };
  }

  private List<Work> reduced(LaneLayer.Reduce layer) {
    Reduction how = new Reduction(layer);
    Contractions contractions = new Contractions(form);
    List<Work> works = new ArrayList<>();
    if (how.sums()) {
      Placement input = memory.of(layer.input());
      works.add(contraction(contractions.of(layer, input, memory.of(layer.output()))));
    } else if (how.moves()) {
      works.addAll(works(how.there()));
      works.addAll(reduced(how.moved()));
      LaneLayer.Move back = how.back();
      if (back != null) {
        works.addAll(works(back));
      }
    } else {
      if (how.least()) {
        works.addAll(works(how.complemented()));
      }
      for (Reduction.Stage stage : how.stages()) {
        var greatest = new GreatestKernel(memory.of(stage.from()), stage.window());
        works.add(vectors(layer.name(), greatest, memory.of(stage.to())));
      }
      works.addAll(works(how.out()));
    }
    return works;
  }

  private static int pixels(Tensor t) {
    return t.h() * t.w();
  }

  private Work contraction(Contraction c) {
    return new ContractionWork(form, c, schedules, constants(new Slab(form, c).bytes()));
  }

  private Work vectors(String name, VectorKernel kernel, Placement output) {
    return new VectorWork(form, name, kernel, output, schedules, constants(kernel.constants()));
  }

  private RowForm rows(Axis axis, Tensor input) {
    return new RowForm(form, axis == Axis.C, axis.length(input));
  }

  private Work rows(LaneLayer layer, RowForm rows, RowKernel kernel) {
    Placement from = memory.of(layer.inputs().getFirst());
    Placement to = memory.of(layer.output());
    return new RowWork(
        form,
        layer.name(),
        rows,
        kernel,
        rows.across() ? Contractions.flat(from) : from,
        rows.across() ? Contractions.flat(to) : to,
        schedules,
        constants(new RowConstants(rows, kernel).bytes()));
  }

  private Work gather(String name, Gather gather, Placement output) {
    long at = top;
    top += GatherWork.mostBytes(form);
    return new GatherWork(form, name, gather, output, schedules, at);
  }

  /** The address of constants in memory. */
  private long constants(byte[] bytes) {
    long address = top;
    if (bytes.length > 0) {
      constants.add(new Program.Segment(address, bytes));
      top += Math.ceilDiv((long) bytes.length, (long) ALIGNMENT) * ALIGNMENT;
    }
    return address;
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
    segments.sort(Comparator.comparingLong(Program.Segment::address));
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
