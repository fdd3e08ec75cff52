// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import lockstep.compiler.memory.AddressParts;
import lockstep.compiler.memory.ArenaFit;
import lockstep.compiler.memory.ArenaProblem;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;

/**
 * Where in off-chip memory the tensors of a network lie. Those whose lives do not meet share
 * addresses, those that are parts of others lie there.
 *
 * @param placements by name; those of tensors within layers are with them
 * @param free layers that move nothing
 * @param bytes of the arena, from address 0
 */
record VliwMemory(Map<String, Placement> placements, Set<String> free, long bytes) {
  private static final int ALIGNMENT = 128;

  /** The codes of a layer before pooling. */
  static Tensor unpooled(Layer.Convolution c) {
    var window = c.window();
    Tensor y = c.output();
    return new Tensor(
        c.name() + "/unpooled",
        y.n(),
        y.c(),
        window.outH(c.input().h()),
        window.outW(c.input().w()),
        y.scale(),
        y.zeroPoint());
  }

  /** Tensors that are written and read while a layer is computed. */
  private static List<Tensor> within(Layer layer) {
    if (layer instanceof LaneLayer.Reduce r) {
      return new Reduction(r).between();
    }
    return layer instanceof Layer.Convolution c && c.out().pool() != null
        ? List.of(unpooled(c))
        : List.of();
  }

  Placement of(Tensor t) {
    return Objects.requireNonNull(placements.get(t.name()), t.name());
  }

  /**
   * @param runs whether the machine runs a layer
   */
  static VliwMemory of(Network network, int block, Predicate<Layer> runs) {
    AddressParts parts = AddressParts.of(network, block, runs);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, int[]> lives = new HashMap<>();
    int end = network.layers().size();
    network.inputs().forEach(t -> live(tensors, lives, parts, t, -1, end));
    for (int i = 0; i < end; i++) {
      Layer layer = network.layers().get(i);
      for (Tensor t : layer.inputs()) {
        live(tensors, lives, parts, t, i, i);
      }
      // data are there before the first program runs
      int born = layer instanceof LaneLayer.Data ? -1 : i;
      live(tensors, lives, parts, layer.output(), born, i);
      if (runs.test(layer)) {
        for (Tensor t : within(layer)) {
          live(tensors, lives, parts, t, i, i);
        }
      }
    }
    network.outputs().forEach(t -> live(tensors, lives, parts, t, end, end));

    List<ArenaProblem.Block> blocks = new ArrayList<>();
    for (Tensor t : tensors.values()) {
      if (!parts.parts().containsKey(t.name())) {
        int[] life = Objects.requireNonNull(lives.get(t.name()));
        blocks.add(new ArenaProblem.Block(t.name(), bytes(t, block), life[0], life[1]));
      }
    }
    ArenaProblem arena = new ArenaProblem(blocks, ALIGNMENT);
    arena.check().ifPresent(VliwMemory::refuse);
    Map<String, Long> addresses = ArenaFit.solve(arena);
    arena.verify(addresses).ifPresent(VliwMemory::refuse);

    Map<String, Placement> placements = new LinkedHashMap<>();
    for (Tensor t : tensors.values()) {
      String root = parts.root(t.name());
      Tensor whole = Objects.requireNonNull(tensors.get(root));
      long pixels = (long) t.h() * t.w() * t.codeBytes();
      int rootChannels = Math.ceilDiv(whole.c(), block) * block;
      int step = parts.imageChannels(t.name(), rootChannels);
      long base = Objects.requireNonNull(addresses.get(root)) + parts.channel(t.name()) * pixels;
      placements.put(t.name(), new Placement(t, root, base, step * pixels, block, t.h(), 0, true));
    }
    return new VliwMemory(placements, parts.free(), arena.peak(addresses));
  }

  private static void live(
      Map<String, Tensor> tensors,
      Map<String, int[]> lives,
      AddressParts parts,
      Tensor t,
      int first,
      int last) {
    tensors.put(t.name(), t);
    int[] life = lives.computeIfAbsent(parts.root(t.name()), _ -> new int[] {first, last});
    life[0] = Math.min(life[0], first);
    life[1] = Math.max(life[1], last);
  }

  private static long bytes(Tensor t, int block) {
    return (long) t.n() * Math.ceilDiv(t.c(), block) * block * t.h() * t.w() * t.codeBytes();
  }

  private static void refuse(String fault) {
    throw new IllegalStateException("the plan of the memory is wrong: " + fault);
  }
}
