// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import lockstep.arch.UserError;
import lockstep.arch.systolic.MappingRule;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Placement;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.Program.LayerInfo;
import lockstep.compiler.program.Program.Region;
import lockstep.compiler.program.Program.Segment;
import lockstep.isa.Stream;
import lockstep.isa.systolic.SystolicCode;
import lockstep.isa.systolic.SystolicIsa;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a network for a systolic machine.
 *
 * <pre>
 * network -> siblings as one -> stretches between host layers -> what stays on chip -> memory plan -> for each stretch:
 *   contraction -> mapping search -> instructions with tokens -> program
 * </pre>
 */
public final class SystolicCompiler {
  private static final int PAGE = 4096;

  private final SystolicArchitecture arch;
  private final String specHash;
  private final MappingSearch search;
  private final Network network;
  private final List<DepthFirst.Choice> stretches = new ArrayList<>();
  private final MemoryPlan plan;
  private final Map<String, Placement> placements;
  private final List<Region> tensors;
  private long top;

  private SystolicCompiler(
      Network network,
      SystolicArchitecture arch,
      String specHash,
      List<MappingRule> rules,
      @Nullable MappingCache cache) {
    this.arch = arch;
    this.specHash = specHash;
    search = new MappingSearch(arch, rules, cache);
    int cols = arch.array().cols();
    this.network = SiblingChoice.arrange(network, cols, search, rules);
    MemoryPlan inMemory = MemoryPlan.of(this.network, cols);
    List<Stretch> whole = Stretch.of(this.network, inMemory);
    Map<String, Kept> kept = new TreeMap<>();
    List<Chain> chains = new ArrayList<>();
    search(whole, inMemory);
    for (Stretch s : whole) {
      OnChipPlan base = new OnChipPlan(arch, search, s, inMemory);
      DepthFirst.Choice choice = DepthFirst.choose(arch, search, s, inMemory, base);
      stretches.add(choice);
      chains.addAll(choice.stretch().chains());
      kept.putAll(choice.onChip().choose());
    }
    plan = MemoryPlan.of(this.network, cols, kept, chains);
    placements = plan.placements();
    tensors =
        regions(placements.values(), names(this.network.inputs()), names(this.network.outputs()));
    top = page(plan.bytes());
  }

  /** Finds the mappings of all layers, several at a time; what stays on chip then starts there. */
  private void search(List<Stretch> whole, MemoryPlan inMemory) {
    whole.stream().flatMap(s -> s.layers().stream()).toList().parallelStream()
        .forEach(c -> search.find(c, Stretch.sources(c, inMemory), search.empty()));
  }

  /**
   * Compiles {@code network}.
   *
   * @param specHash hash of the resolved spec, kept in the programs
   * @throws UserError if a layer does not fit the machine
   */
  public static CompiledModel compile(Network network, SystolicArchitecture arch, String specHash) {
    return compile(network, arch, specHash, List.of());
  }

  /**
   * The same with the user's mappings.
   *
   * @throws UserError also if a user's mapping cannot be
   */
  public static CompiledModel compile(
      Network network, SystolicArchitecture arch, String specHash, List<MappingRule> rules) {
    return new SystolicCompiler(network, arch, specHash, rules, null).compile();
  }

  /**
   * The same, with the mappings found before; what is found now is added and saved.
   *
   * @throws UserError also if a user's mapping cannot be
   */
  public static CompiledModel compile(
      Network network,
      SystolicArchitecture arch,
      String specHash,
      List<MappingRule> rules,
      MappingCache cache) {
    CompiledModel model = new SystolicCompiler(network, arch, specHash, rules, cache).compile();
    cache.save();
    return model;
  }

  private CompiledModel compile() {
    List<CompiledModel.Step> steps = new ArrayList<>();
    int next = 0;
    boolean running = false;
    for (Layer layer : network.layers()) {
      String reason = plan.hostReason(layer);
      if (reason != null) {
        steps.add(new CompiledModel.OnHost(layer, reason));
        running = false;
      } else if (!running && !plan.free().contains(layer.name())) {
        steps.add(new CompiledModel.Accelerator(program(lower(next++))));
        running = true;
      }
    }
    long limit = arch.memory().capacityBytes();
    if (top > limit) {
      throw new UserError(
          "%s needs %d bytes of memory and %s has %d; raise memory.capacity_bytes"
              .formatted(network.name(), top, arch.name(), limit));
    }
    return new CompiledModel(
        network, steps.stream().map(s -> withMemory(s, top)).toList(), placements);
  }

  private record Lowered(
      String name,
      Emitter.Instructions instructions,
      ConstantPool constants,
      List<LayerInfo> layers) {}

  private Lowered lower(int index) {
    DepthFirst.Choice choice = stretches.get(index);
    Stretch stretch = choice.stretch();
    List<Room> rooms = choice.onChip().rooms();
    ConstantPool pool = new ConstantPool(top);
    StretchLowering lowering =
        new StretchLowering(arch, search, stretch, rooms, plan, pool, this::misfit);
    Emitter.Instructions instructions = lowering.emit();
    List<LayerInfo> infos = new ArrayList<>();
    for (int i = 0; i < stretch.layers().size(); i++) {
      infos.add(
          Bounds.info(
              arch,
              stretch,
              i,
              lowering.mappings(i),
              rooms.get(i),
              choice.stripes(i, chainsBefore(index))));
    }
    String name = index == 0 ? network.name() : network.name() + "-" + (index + 1);
    return new Lowered(name, instructions, pool, infos);
  }

  private int chainsBefore(int index) {
    return stretches.subList(0, index).stream().mapToInt(c -> c.stretch().chains().size()).sum();
  }

  private UserError misfit(Contraction c) {
    List<SmallestBuffers.Layer> all =
        stretches.stream()
            .flatMap(s -> s.stretch().layers().stream())
            .map(each -> new SmallestBuffers.Layer(each, Stretch.sources(each, plan)))
            .toList();
    return new UserError(
        "layer %s does not fit %s: %s"
            .formatted(c.name(), arch.name(), new SmallestBuffers(all).text(arch)));
  }

  private Program program(Lowered s) {
    byte[] constants = s.constants().toByteArray();
    long base = page(s.constants().base() + constants.length);
    int count = s.instructions().list().size();
    byte[] code = SystolicCode.of(arch, s.instructions().list());
    top = page(base + code.length);
    List<Segment> segments = new ArrayList<>();
    if (constants.length > 0) {
      segments.add(new Segment(s.constants().base(), constants));
    }
    segments.add(new Segment(base, code));
    List<Region> regions = new ArrayList<>(tensors.size() + 2);
    regions.addAll(tensors);
    regions.add(new Region("weights", Region.Kind.WEIGHTS, s.constants().base(), constants.length));
    regions.add(new Region("program", Region.Kind.PROGRAM, base, code.length));
    return new Program(
        s.name(),
        specHash,
        Stream.INSTRUCTIONS,
        SystolicIsa.of(arch).wordBytes(),
        base,
        count,
        segments,
        top,
        regions,
        Arrays.copyOf(s.instructions().layers(), count),
        s.layers());
  }

  private static List<Region> regions(
      Collection<Placement> placements, Set<String> inputs, Set<String> outputs) {
    List<Region> regions = new ArrayList<>();
    for (Placement p : placements) {
      String tensor = p.tensor().name();
      Region.Kind kind =
          inputs.contains(tensor)
              ? Region.Kind.INPUT
              : outputs.contains(tensor) ? Region.Kind.OUTPUT : Region.Kind.ACTIVATION;
      regions.add(new Region(tensor, kind, p.base(), p.tensor().bytes()));
    }
    return List.copyOf(regions);
  }

  private static CompiledModel.Step withMemory(CompiledModel.Step step, long bytes) {
    return switch (step) {
      case CompiledModel.OnHost host -> host;
      case CompiledModel.Accelerator a ->
          new CompiledModel.Accelerator(a.program().withMemory(bytes));
    };
  }

  private static Set<String> names(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::name).collect(Collectors.toSet());
  }

  private static long page(long address) {
    return (address + PAGE - 1) / PAGE * PAGE;
  }

  /** Identifies a spec by its resolved text. */
  public static String hash(String resolvedSpec) {
    try {
      byte[] digest =
          java.security.MessageDigest.getInstance("SHA-256")
              .digest(resolvedSpec.getBytes(StandardCharsets.UTF_8));
      return java.util.HexFormat.of().formatHex(digest);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
