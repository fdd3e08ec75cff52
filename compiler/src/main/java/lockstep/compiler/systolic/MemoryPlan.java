// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Comparator;
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

  /** An allocation: first and last layer in which it is alive. */
  private record Root(Tensor tensor, int first, int last) {}

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
    List<Root> roots = new ArrayList<>();
    for (Tensor t : tensors.values()) {
      if (!parts.containsKey(t.name()) && !kept.containsKey(t.name())) {
        roots.add(new Root(t, of(firstOf, t.name()), of(lastOf, t.name())));
      }
    }
    Map<String, Long> addresses = new HashMap<>();
    long bytes = allocate(roots, addresses);

    Map<String, Placement> shapes = new LinkedHashMap<>();
    Map<String, Integer> channels = new HashMap<>();
    for (Tensor t : tensors.values()) {
      String root = root(t.name(), parts);
      Tensor whole = of(tensors, root);
      int channel = channel(t.name(), parts);
      long base = addresses.getOrDefault(root, 0L) + (long) channel * t.h() * t.w();
      long stride = (long) whole.c() * whole.h() * whole.w();
      shapes.put(t.name(), new Placement(t, root, base, stride, cols));
      channels.put(t.name(), channel);
    }
    return new MemoryPlan(shapes, channels, bytes, joined, kept);
  }

  private static Set<String> join(Network network, int cols, Map<String, Part> parts) {
    Set<String> produced = new HashSet<>();
    Set<String> joined = new HashSet<>();
    for (Layer l : network.layers()) {
      boolean onMachine = !(l instanceof Layer.Host);
      if (l instanceof Layer.Concat concat) {
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

  /** First fit, largest first. */
  private static long allocate(List<Root> roots, Map<String, Long> addresses) {
    List<Root> order = new ArrayList<>(roots);
    order.sort(
        Comparator.comparingLong((Root r) -> -r.tensor().bytes())
            .thenComparing(r -> r.tensor().name()));
    List<Root> placed = new ArrayList<>();
    long top = 0;
    for (Root r : order) {
      List<long[]> taken = new ArrayList<>();
      for (Root p : placed) {
        if (p.first() <= r.last() && r.first() <= p.last()) {
          long at = of(addresses, p.tensor().name());
          taken.add(new long[] {at, at + p.tensor().bytes()});
        }
      }
      taken.sort(Comparator.comparingLong(t -> t[0]));
      long at = 0;
      for (long[] t : taken) {
        if (at + r.tensor().bytes() <= t[0]) {
          break;
        }
        at = Math.max(at, (t[1] + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
      }
      addresses.put(r.tensor().name(), at);
      placed.add(r);
      top = Math.max(top, at + r.tensor().bytes());
    }
    return top;
  }

  private static <V> V of(Map<String, V> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }
}
