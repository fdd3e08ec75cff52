// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Off-chip addresses of all tensors. Tensors whose lifetimes do not meet share addresses; the parts
 * of a concatenation are written straight into it where every part begins at a whole block. What
 * stays in the scratchpad takes none.
 *
 * @param shapes of all tensors by name; the addresses of those on chip mean nothing
 * @param channels first channel of each tensor in its allocation
 * @param bytes size of the arena, from address 0
 * @param joined concatenations that move nothing
 * @param kept what stays in the scratchpad, by the name of the allocation
 */
record MemoryPlan(
    Map<String, Placement> shapes,
    Map<String, Integer> channels,
    long bytes,
    Set<String> joined,
    Map<String, Kept> kept) {
  private static final int ALIGNMENT = 128;

  private record Part(String whole, int channel) {}

  Placement placement(Tensor t) {
    return of(shapes, t.name());
  }

  /** First channel of a tensor in its allocation. */
  int channel(Tensor t) {
    return of(channels, t.name());
  }

  /** The tensor that an allocation is made for. */
  Tensor tensor(String root) {
    return of(shapes, root).tensor();
  }

  /** Where a tensor lies in the scratchpad, null if it lies in memory. */
  @Nullable OnChip onChip(Tensor t) {
    Kept allocation = kept.get(placement(t).root());
    return allocation == null ? null : new OnChip(allocation, channel(t));
  }

  /** Placements of the tensors in memory, by name. */
  Map<String, Placement> placements() {
    Map<String, Placement> inMemory = new LinkedHashMap<>(shapes);
    inMemory.values().removeIf(p -> kept.containsKey(p.root()));
    return inMemory;
  }

  static MemoryPlan of(Network network, int cols, Map<String, Kept> kept) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, Integer> born = new HashMap<>();
    Map<String, Integer> dies = new HashMap<>();
    int end = network.layers().size();
    for (Tensor t : network.inputs()) {
      tensors.put(t.name(), t);
      born.put(t.name(), -1);
      dies.put(t.name(), end);
    }
    for (int i = 0; i < end; i++) {
      Layer l = network.layers().get(i);
      tensors.put(l.output().name(), l.output());
      born.put(l.output().name(), i);
      dies.put(l.output().name(), i);
      for (Tensor t : l.inputs()) {
        dies.merge(t.name(), i, Math::max);
      }
    }
    network.outputs().forEach(t -> dies.put(t.name(), end));

    Map<String, Part> parts = new HashMap<>();
    Set<String> joined = join(network, cols, parts);
    Map<String, Integer> firstOf = new HashMap<>(born);
    Map<String, Integer> lastOf = new HashMap<>(dies);
    for (String name : tensors.keySet()) {
      String root = root(name, parts);
      firstOf.merge(root, of(born, name), Math::min);
      lastOf.merge(root, of(dies, name), Math::max);
    }
    List<ArenaProblem.Block> blocks = new ArrayList<>();
    for (Tensor t : tensors.values()) {
      if (!parts.containsKey(t.name()) && !kept.containsKey(t.name())) {
        blocks.add(
            new ArenaProblem.Block(
                t.name(), t.bytes(), of(firstOf, t.name()), of(lastOf, t.name())));
      }
    }
    ArenaProblem arena = new ArenaProblem(blocks, ALIGNMENT);
    Map<String, Long> addresses = addresses(arena);

    Map<String, Placement> shapes = new LinkedHashMap<>();
    Map<String, Integer> channels = new HashMap<>();
    for (Tensor t : tensors.values()) {
      String root = root(t.name(), parts);
      Tensor whole = of(tensors, root);
      int channel = channel(t.name(), parts);
      long base = addresses.getOrDefault(root, 0L) + (long) channel * t.h() * t.w() * t.codeBytes();
      long stride = whole.bytes() / whole.n();
      shapes.put(t.name(), new Placement(t, root, base, stride, cols));
      channels.put(t.name(), channel);
    }
    return new MemoryPlan(shapes, channels, arena.peak(addresses), joined, kept);
  }

  private static Set<String> join(Network network, int cols, Map<String, Part> parts) {
    Set<String> produced = new HashSet<>();
    Set<String> joined = new HashSet<>();
    for (Layer l : network.layers()) {
      boolean onMachine = ArrayForm.runs(l);
      if (onMachine && l instanceof Layer.Concat concat) {
        int channel = 0;
        boolean possible = new HashSet<>(concat.inputs()).size() == concat.inputs().size();
        for (Tensor t : concat.inputs()) {
          possible &= produced.contains(t.name()) && !parts.containsKey(t.name());
          possible &= channel % cols == 0;
          channel += t.c();
        }
        if (possible) {
          joined.add(concat.name());
          channel = 0;
          for (Tensor t : concat.inputs()) {
            parts.put(t.name(), new Part(concat.output().name(), channel));
            channel += t.c();
          }
        }
      }
      if (onMachine) {
        produced.add(l.output().name());
      }
    }
    return joined;
  }

  private static String root(String name, Map<String, Part> parts) {
    Part p = parts.get(name);
    return p == null ? name : root(p.whole(), parts);
  }

  private static int channel(String name, Map<String, Part> parts) {
    Part p = parts.get(name);
    return p == null ? 0 : p.channel() + channel(p.whole(), parts);
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
