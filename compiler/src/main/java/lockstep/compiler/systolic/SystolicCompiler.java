// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import lockstep.arch.UserError;
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
import lockstep.isa.InstructionSet;
import lockstep.isa.systolic.SystolicIsa;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a network for a systolic machine.
 *
 * <pre>
 * network -> memory plan -> for each stretch between host layers:
 *   layer -> contraction -> mapping search -> instructions with tokens -> program
 * </pre>
 */
public final class SystolicCompiler {
  private static final int PAGE = 4096;

  private final SystolicArchitecture arch;
  private final String specHash;
  private final InstructionSet isa;
  private final MappingSearch search;
  private final Network network;
  private final MemoryPlan plan;
  private final Set<String> inputs;
  private final Set<String> outputs;
  private long top;

  private SystolicCompiler(
      Network network, SystolicArchitecture arch, String specHash, @Nullable MappingCache cache) {
    this.network = network;
    this.arch = arch;
    this.specHash = specHash;
    isa = SystolicIsa.of(arch);
    search = new MappingSearch(arch, cache);
    plan = MemoryPlan.of(network, arch.array().cols());
    top = page(plan.bytes());
    inputs = names(network.inputs());
    outputs = names(network.outputs());
  }

  /**
   * Compiles {@code network}.
   *
   * @param specHash hash of the resolved spec, kept in the programs
   * @throws UserError if a layer does not fit the machine
   */
  public static CompiledModel compile(Network network, SystolicArchitecture arch, String specHash) {
    return new SystolicCompiler(network, arch, specHash, null).compile();
  }

  /** The same, with the mappings found before; what is found now is added and saved. */
  public static CompiledModel compile(
      Network network, SystolicArchitecture arch, String specHash, MappingCache cache) {
    CompiledModel model = new SystolicCompiler(network, arch, specHash, cache).compile();
    cache.save();
    return model;
  }

  private CompiledModel compile() {
    List<CompiledModel.Step> steps = new ArrayList<>();
    List<Stretch> stretches = new ArrayList<>();
    int i = 0;
    while (i < network.layers().size()) {
      if (network.layers().get(i) instanceof Layer.Host host) {
        steps.add(new CompiledModel.OnHost(host));
        i++;
        continue;
      }
      int end = i;
      while (end < network.layers().size() && !(network.layers().get(end) instanceof Layer.Host)) {
        end++;
      }
      Stretch stretch = lower(network.layers().subList(i, end), stretches.size());
      i = end;
      if (stretch.instructions().list().size() > 1) {
        stretches.add(stretch);
        steps.add(new CompiledModel.Accelerator(program(stretch)));
      }
    }
    long limit = arch.memory().capacityBytes();
    if (top > limit) {
      throw new UserError(
          "%s needs %d bytes of memory and %s has %d; raise memory.capacity_bytes"
              .formatted(network.name(), top, arch.name(), limit));
    }
    return new CompiledModel(
        network, steps.stream().map(s -> withMemory(s, top)).toList(), plan.placements());
  }

  private record Stretch(
      String name,
      Emitter.Instructions instructions,
      ConstantPool constants,
      List<LayerInfo> layers) {}

  private Stretch lower(List<Layer> layers, int index) {
    Emitter emitter = new Emitter(arch);
    ConstantPool pool = new ConstantPool(top);
    AccumulatorSlots slots = new AccumulatorSlots(arch);
    List<LayerInfo> infos = new ArrayList<>();
    Mapping before = null;
    for (Layer layer : layers) {
      if (layer instanceof Layer.Concat concat && plan.joined().contains(concat.name())) {
        continue;
      }
      Contraction c = contraction(layer);
      List<Placement> sources = c.sources().stream().map(plan::placement).toList();
      if (!search.fits(c, sources)) {
        throw misfit(c);
      }
      Mapping m = search.best(c, sources);
      emitter.beginLayer(infos.size(), Transition.between(before, m));
      new LayerLowering(LayerPlan.of(arch, c, m, plan), emitter, pool, slots).emit();
      infos.add(Bounds.info(arch, c, m, layer instanceof Layer.Concat));
      before = m;
    }
    String name = index == 0 ? network.name() : network.name() + "-" + (index + 1);
    return new Stretch(name, emitter.finish(), pool, infos);
  }

  private UserError misfit(Contraction c) {
    List<SmallestBuffers.Layer> all =
        network.layers().stream()
            .filter(l -> !(l instanceof Layer.Host) && !plan.joined().contains(l.name()))
            .map(SystolicCompiler::contraction)
            .map(
                each ->
                    new SmallestBuffers.Layer(
                        each, each.sources().stream().map(plan::placement).toList()))
            .toList();
    return new UserError(
        "layer %s does not fit %s: %s"
            .formatted(c.name(), arch.name(), new SmallestBuffers(all).text(arch)));
  }

  private static Contraction contraction(Layer layer) {
    return switch (layer) {
      case Layer.Convolution l -> Contractions.of(l);
      case Layer.MatrixProduct l -> Contractions.of(l);
      case Layer.Concat l -> Contractions.copy(l);
      case Layer.Host l -> throw new IllegalStateException(l.name() + " is a host layer");
    };
  }

  private Program program(Stretch s) {
    byte[] constants = s.constants().toByteArray();
    long base = page(s.constants().base() + constants.length);
    int count = s.instructions().list().size();
    byte[] words = new byte[Math.ceilDiv(count, 4) * 4 * isa.wordBytes()];
    for (int i = 0; i < count; i++) {
      s.instructions().list().get(i).encode(isa, words, i * isa.wordBytes());
    }
    top = page(base + words.length);
    List<Segment> segments = new ArrayList<>();
    if (constants.length > 0) {
      segments.add(new Segment(s.constants().base(), constants));
    }
    segments.add(new Segment(base, words));
    List<Region> regions = new ArrayList<>();
    for (Placement p : plan.placements().values()) {
      String tensor = p.tensor().name();
      Region.Kind kind =
          inputs.contains(tensor)
              ? Region.Kind.INPUT
              : outputs.contains(tensor) ? Region.Kind.OUTPUT : Region.Kind.ACTIVATION;
      regions.add(new Region(tensor, kind, p.base(), p.tensor().bytes()));
    }
    regions.add(new Region("weights", Region.Kind.WEIGHTS, s.constants().base(), constants.length));
    regions.add(new Region("program", Region.Kind.PROGRAM, base, words.length));
    return new Program(
        s.name(),
        specHash,
        isa.wordBytes(),
        base,
        count,
        segments,
        top,
        regions,
        Arrays.copyOf(s.instructions().layers(), count),
        s.layers());
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
