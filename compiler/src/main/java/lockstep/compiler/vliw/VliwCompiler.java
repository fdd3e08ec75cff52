// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import lockstep.arch.UserError;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Placement;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.Program.Region.Kind;
import lockstep.compiler.quant.Capabilities;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a network for a VLIW machine.
 *
 * <pre>
 * network -> memory plan -> for each stretch between host layers, layer by layer:
 *   contraction -> tiling with its kernel -> loops scheduled, transfers beside them -> bundles
 * </pre>
 */
public final class VliwCompiler {
  private static final int PAGE = 4096;

  private final Network network;
  private final VliwArchitecture machine;
  private final String specHash;
  private final List<MappingRule> rules;
  private final TileForm form;
  private final LoopSchedules schedules;
  private final VliwMemory memory;
  private final List<Kernel> kernels = new ArrayList<>();
  private long top;

  private VliwCompiler(
      Network network, VliwArchitecture machine, String specHash, List<MappingRule> rules) {
    this.network = network;
    this.machine = machine;
    this.rules = rules;
    this.specHash = specHash;
    form = TileForm.of(machine);
    schedules = new LoopSchedules(machine);
    memory = VliwMemory.of(network, form.block(), layer -> hostReason(layer) == null);
    top = page(memory.bytes());
  }

  /** Compiles {@code network} with no choice of a user's. */
  public static VliwModel compile(Network network, VliwArchitecture machine, String specHash) {
    return compile(network, machine, specHash, List.of());
  }

  /**
   * Compiles {@code network}.
   *
   * @param specHash hash of the resolved spec, kept in the programs
   * @param rules what the user chose of the mapping of layers; the later ones win
   * @throws UserError if a layer does not fit the machine, or what the user chose for it cannot be
   */
  public static VliwModel compile(
      Network network, VliwArchitecture machine, String specHash, List<MappingRule> rules) {
    return new VliwCompiler(network, machine, specHash, rules).compile();
  }

  /** The layers that networks for a machine may have beside products: those its slots can do. */
  public static Capabilities capabilities(VliwArchitecture machine) {
    if (machine.slots().permute().count() == 0) {
      return Capabilities.NONE;
    }
    Set<Capabilities.Kind> kinds =
        EnumSet.of(Capabilities.Kind.MOVE, Capabilities.Kind.ELEMENTWISE, Capabilities.Kind.REDUCE);
    if (machine.slots().special().count() > 0) {
      kinds.add(Capabilities.Kind.LOOKUP);
      if (RowForm.unfit(TileForm.of(machine)) == null) {
        kinds.add(Capabilities.Kind.NORMALISATION);
        if (machine.slots().special().tables() >= SoftmaxRows.TABLES) {
          kinds.add(Capabilities.Kind.SOFTMAX);
        }
      }
    }
    return new Capabilities(kinds);
  }

  private VliwModel compile() {
    List<CompiledModel.Step> steps = new ArrayList<>();
    List<Layer> stretch = new ArrayList<>();
    int programs = 0;
    for (Layer layer : network.layers()) {
      String reason = hostReason(layer);
      if (reason == null && layer instanceof Layer.View && !memory.free().contains(layer.name())) {
        reason = unmoved();
      }
      if (reason == null) {
        if (!memory.free().contains(layer.name())) {
          stretch.add(layer);
        }
      } else {
        programs += close(stretch, steps, programs);
        steps.add(new CompiledModel.OnHost(layer, reason));
      }
    }
    close(stretch, steps, programs);
    long limit = machine.memory().capacityBytes();
    if (top > limit) {
      throw new UserError(
          "%s needs %d bytes of memory and %s has %d; raise memory.capacity_bytes"
              .formatted(network.name(), top, machine.name(), limit));
    }
    List<CompiledModel.Step> sized = new ArrayList<>();
    for (CompiledModel.Step step : steps) {
      sized.add(
          switch (step) {
            case CompiledModel.OnHost host -> host;
            case CompiledModel.Accelerator a ->
                new CompiledModel.Accelerator(a.program().withMemory(top));
          });
    }
    return new VliwModel(
        new CompiledModel(network, List.copyOf(sized), memory.placements()), kernels);
  }

  private int close(List<Layer> stretch, List<CompiledModel.Step> steps, int before) {
    if (stretch.isEmpty()) {
      return 0;
    }
    String name = before == 0 ? network.name() : network.name() + "-" + (before + 1);
    StretchCode code = new StretchCode(form, schedules, memory, rules, top);
    stretch.forEach(code::add);
    Program program = code.program(name, specHash, regions());
    kernels.addAll(code.kernels());
    top = page(program.memoryBytes());
    steps.add(new CompiledModel.Accelerator(program));
    stretch.clear();
    return 1;
  }

  private List<Program.Region> regions() {
    Set<String> inputs = names(network.inputs());
    Set<String> outputs = names(network.outputs());
    List<Program.Region> regions = new ArrayList<>();
    for (Placement p : memory.placements().values()) {
      String tensor = p.tensor().name();
      Kind kind =
          inputs.contains(tensor)
              ? Kind.INPUT
              : outputs.contains(tensor) ? Kind.OUTPUT : Kind.ACTIVATION;
      regions.add(new Program.Region(tensor, kind, p.base(), p.tensor().bytes()));
    }
    return regions;
  }

  private static Set<String> names(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::name).collect(Collectors.toCollection(HashSet::new));
  }

  private static long page(long address) {
    return (address + PAGE - 1) / PAGE * PAGE;
  }

  /** Why the host has to run a layer; null if the machine does, or nobody has to. */
  private @Nullable String hostReason(Layer layer) {
    return switch (layer) {
      case Layer.Host host -> host.reason();
      case LaneLayer.Lookup l ->
          machine.slots().special().count() == 0
              ? machine.name() + " has no special slot for tables"
              : wide(l);
      case LaneLayer.Elementwise e -> {
        boolean spread = e.output().c() > 1 && (e.left().c() == 1 || e.right().c() == 1);
        yield spread && machine.slots().permute().count() == 0
            ? machine.name() + " has no permute slot to spread a channel over others"
            : wide(e);
      }
      case LaneLayer.Data d -> wide(d);
      case LaneLayer.Reduce r -> {
        String reason = new Reduction(r).moves() ? unmoved() : null;
        yield reason == null ? wide(r) : reason;
      }
      case LaneLayer.Softmax s -> rows(s, SoftmaxRows.TABLES);
      case LaneLayer.Normalisation n -> rows(n, 0);
      case LaneLayer.Move _, LaneLayer.Join _ -> {
        String reason = unmoved();
        yield reason == null ? wide(layer) : reason;
      }
      case Layer.Convolution c -> {
        if (c.out().pool() != null && c.out().residual() != null) {
          yield "it adds what it has pooled to another tensor";
        }
        yield c.weights().bits() > Byte.SIZE ? "its weights have more than 8 bits" : wide(c);
      }
      case Layer.MatrixProduct _, Layer.Concat _, Layer.View _ -> wide(layer);
    };
  }

  private @Nullable String unmoved() {
    return machine.slots().permute().count() == 0
        ? machine.name() + " has no permute slot to move elements"
        : null;
  }

  private @Nullable String rows(Layer layer, int tables) {
    var special = machine.slots().special();
    if (special.count() == 0 || machine.slots().permute().count() == 0) {
      return machine.name() + " has no special slot or no permute slot for rows";
    }
    if (special.tables() < tables) {
      return "%s has %d tables for rows and not %d"
          .formatted(machine.name(), special.tables(), tables);
    }
    String unfit = RowForm.unfit(form);
    return unfit == null ? wide(layer) : unfit;
  }

  private static @Nullable String wide(Layer layer) {
    boolean narrow =
        layer.output().bits() <= Byte.SIZE
            && layer.inputs().stream().allMatch(t -> t.bits() <= Byte.SIZE);
    return narrow ? null : "its codes have more than 8 bits";
  }
}
