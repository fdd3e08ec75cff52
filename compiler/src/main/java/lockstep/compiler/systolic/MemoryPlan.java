// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lockstep.compiler.memory.AddressParts;
import lockstep.compiler.memory.ArenaFit;
import lockstep.compiler.memory.ArenaProblem;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Off-chip addresses of all tensors. Tensors whose lifetimes do not meet share addresses; what is
 * part of another tensor lies there ({@link AddressParts}). What stays in the scratchpad takes
 * none, and what a {@link Chain} has only lines of takes as many bytes as its largest stripe.
 *
 * @param shapes of all tensors by name; the addresses of those on chip mean nothing
 * @param channels first channel of each tensor in its allocation
 * @param bytes size of the arena, from address 0
 * @param imageChannels channels from image to image of each tensor in its allocation
 * @param free layers that move nothing
 * @param kept what stays in the scratchpad, by the name of the allocation
 * @param views the lines of tensors that the stripes of chains read and write, by name
 */
record MemoryPlan(
    Map<String, Placement> shapes,
    Map<String, Integer> channels,
    Map<String, Integer> imageChannels,
    long bytes,
    Set<String> free,
    Map<String, Kept> kept,
    Map<String, LineView> views) {
  private static final int ALIGNMENT = 128;

  /** Why the host has to run a layer; null if the machine does, or nobody has to. */
  @Nullable String hostReason(Layer layer) {
    String reason = ArrayForm.hostReason(layer);
    return reason == null && layer instanceof Layer.View view && !free.contains(view.name())
        ? AddressParts.refusal(view)
        : reason;
  }

  Placement placement(Tensor t) {
    LineView v = views.get(t.name());
    if (v == null) {
      return of(shapes, t.name());
    }
    Placement whole = of(shapes, v.of());
    Tensor stripe = v.stripe();
    if (stripe == null) {
      return whole.part(t, v.line());
    }
    long pixels = (long) stripe.h() * stripe.w();
    return new Placement(
        t,
        stripe.name(),
        of(shapes, whole.root()).base() + of(channels, v.of()) * pixels,
        imageChannels(t) * pixels,
        whole.blockChannels(),
        stripe.h(),
        v.line(),
        false);
  }

  /** First channel of a tensor in its allocation. */
  int channel(Tensor t) {
    LineView v = views.get(t.name());
    return of(channels, v == null ? t.name() : v.of());
  }

  /** The allocation of the network that a tensor is part or some lines of. */
  String whole(Tensor t) {
    LineView v = views.get(t.name());
    return of(shapes, v == null ? t.name() : v.of()).root();
  }

  /** The tensor that has all of the allocation that {@code t} lies in. */
  Tensor allocation(Tensor t) {
    LineView v = views.get(t.name());
    return v != null && v.stripe() != null ? v.stripe() : tensor(whole(t));
  }

  /** Whether only lines of a tensor exist, those of one stripe. */
  boolean striped(Tensor t) {
    LineView v = views.get(t.name());
    return v != null && v.stripe() != null;
  }

  /** The same plan with the tensors of a chain; where its stripes lie means nothing. */
  MemoryPlan with(Collection<Chain> chains) {
    return new MemoryPlan(shapes, channels, imageChannels, bytes, free, kept, views(chains));
  }

  /** Channels from image to image of a tensor, as it lies in its allocation. */
  int imageChannels(Tensor t) {
    LineView v = views.get(t.name());
    return of(imageChannels, v == null ? t.name() : v.of());
  }

  /** The tensor that an allocation is made for. */
  Tensor tensor(String root) {
    return of(shapes, root).tensor();
  }

  /** Where a tensor lies in the scratchpad, null if it lies in memory. */
  @Nullable OnChip onChip(Tensor t) {
    Kept allocation = kept.get(placement(t).root());
    LineView v = views.get(t.name());
    int line = v == null ? 0 : v.line();
    return allocation == null ? null : new OnChip(allocation, channel(t), imageChannels(t), line);
  }

  /** Placements of the tensors in memory, by name. */
  Map<String, Placement> placements() {
    Map<String, Placement> inMemory = new LinkedHashMap<>(shapes);
    Set<String> elsewhere = new HashSet<>(kept.keySet());
    for (LineView v : views.values()) {
      if (v.stripe() != null) {
        elsewhere.add(of(shapes, v.of()).root());
      }
    }
    inMemory.values().removeIf(p -> elsewhere.contains(p.root()));
    return inMemory;
  }

  private static Map<String, LineView> views(Collection<Chain> chains) {
    Map<String, LineView> views = new HashMap<>();
    chains.forEach(c -> views.putAll(c.views()));
    return views;
  }

  /** Everything in memory. */
  static MemoryPlan of(Network network, int cols) {
    return of(network, cols, Map.of(), List.of());
  }

  /**
   * The plan of a network.
   *
   * @param kept what stays in the scratchpad
   * @param chains layers that run in stripes: all that they touch lives as long as they run
   */
  static MemoryPlan of(
      Network network, int cols, Map<String, Kept> kept, Collection<Chain> chains) {
    Map<String, LineView> views = views(chains);
    Map<String, Long> striped = striped(views, kept);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, Integer> born = new HashMap<>();
    Map<String, Integer> dies = new HashMap<>();
    int end = network.layers().size();
    ChainSpans spans = new ChainSpans(network, chains);
    for (Tensor t : network.inputs()) {
      tensors.put(t.name(), t);
      born.put(t.name(), -1);
      dies.put(t.name(), end);
    }
    for (int i = 0; i < end; i++) {
      Layer l = network.layers().get(i);
      tensors.put(l.output().name(), l.output());
      born.put(l.output().name(), spans.first(i));
      dies.put(l.output().name(), spans.last(i));
      for (Tensor t : l.inputs()) {
        dies.merge(t.name(), spans.last(i), Math::max);
      }
    }
    network.outputs().forEach(t -> dies.put(t.name(), end));

    AddressParts parts = AddressParts.of(network, cols, ArrayForm::runs);
    Map<String, Integer> firstOf = new HashMap<>(born);
    Map<String, Integer> lastOf = new HashMap<>(dies);
    for (String name : tensors.keySet()) {
      String root = parts.root(name);
      firstOf.merge(root, of(born, name), Math::min);
      lastOf.merge(root, of(dies, name), Math::max);
    }
    List<ArenaProblem.Block> blocks = new ArrayList<>();
    for (Tensor t : tensors.values()) {
      long bytes = striped.getOrDefault(t.name(), t.bytes());
      if (!parts.parts().containsKey(t.name()) && !kept.containsKey(t.name()) && bytes > 0) {
        blocks.add(
            new ArenaProblem.Block(t.name(), bytes, of(firstOf, t.name()), of(lastOf, t.name())));
      }
    }
    ArenaProblem arena = new ArenaProblem(blocks, ALIGNMENT);
    Map<String, Long> addresses = addresses(arena);

    Map<String, Placement> shapes = new LinkedHashMap<>();
    Map<String, Integer> channels = new HashMap<>();
    Map<String, Integer> imageChannels = new HashMap<>();
    for (Tensor t : tensors.values()) {
      String root = parts.root(t.name());
      Tensor whole = of(tensors, root);
      int channel = parts.channel(t.name());
      long base = addresses.getOrDefault(root, 0L) + (long) channel * t.h() * t.w() * t.codeBytes();
      int step = parts.imageChannels(t.name(), whole.c());
      long stride = (long) step * t.h() * t.w() * t.codeBytes();
      shapes.put(t.name(), new Placement(t, root, base, stride, cols));
      channels.put(t.name(), channel);
      imageChannels.put(t.name(), step);
    }
    return new MemoryPlan(
        shapes, channels, imageChannels, arena.peak(addresses), parts.free(), kept, views);
  }

  /** Bytes of the largest stripe in memory of each allocation that has stripes. */
  private static Map<String, Long> striped(Map<String, LineView> views, Map<String, Kept> kept) {
    Map<String, Long> bytes = new HashMap<>();
    for (LineView v : views.values()) {
      Tensor stripe = v.stripe();
      if (stripe != null && v.tensor().equals(stripe)) {
        bytes.merge(v.of(), kept.containsKey(stripe.name()) ? 0 : stripe.bytes(), Math::max);
      }
    }
    return bytes;
  }

  private static Map<String, Long> addresses(ArenaProblem problem) {
    problem.check().ifPresent(MemoryPlan::refuse);
    Map<String, Long> addresses = ArenaFit.solve(problem);
    problem.verify(addresses).ifPresent(MemoryPlan::refuse);
    return addresses;
  }

  private static void refuse(String fault) {
    throw new IllegalStateException("the plan of the memory is wrong: " + fault);
  }

  private static <V> V of(Map<String, V> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }
}
