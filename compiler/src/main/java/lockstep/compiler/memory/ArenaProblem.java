// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where in memory tensors lie: those whose lives meet may not share bytes, and the arena is to be
 * small.
 *
 * <pre>
 * address
 *   |   +-------+     +---+
 *   |   |   b   |     | d |
 *   | +-+-+-----+-----+---+
 *   | | a |     |    c    |
 *   +-+---+-----+---------+-- layer
 * </pre>
 *
 * @param alignment of addresses, in bytes
 */
public record ArenaProblem(List<Block> blocks, int alignment) {

  /** What needs {@code bytes} bytes from layer {@code first} to layer {@code last}, both in it. */
  public record Block(String name, long bytes, int first, int last) {}

  public ArenaProblem {
    blocks = List.copyOf(blocks);
  }

  /** What is wrong with the problem itself, if anything. */
  public Optional<String> check() {
    if (alignment < 1) {
      return fault("addresses cannot be aligned to %d bytes", alignment);
    }
    Set<String> names = new HashSet<>();
    for (Block b : blocks) {
      if (!names.add(b.name())) {
        return fault("%s is there twice", b.name());
      }
      if (b.bytes() < 1) {
        return fault("%s has %d bytes", b.name(), b.bytes());
      }
      if (b.first() > b.last()) {
        return fault("%s dies in layer %d, born in %d", b.name(), b.last(), b.first());
      }
    }
    return Optional.empty();
  }

  /** The first rule that addresses break, if any. */
  public Optional<String> verify(Map<String, Long> addresses) {
    if (addresses.size() != blocks.size()) {
      return fault("%d addresses for %d blocks", addresses.size(), blocks.size());
    }
    for (Block b : blocks) {
      Long at = addresses.get(b.name());
      if (at == null) {
        return fault("%s has no address", b.name());
      }
      if (at < 0 || at % alignment != 0) {
        return fault("%s lies at %d, no multiple of %d", b.name(), at, alignment);
      }
    }
    return overlap(addresses);
  }

  /** Goes through the layers with the living blocks in the order of their addresses. */
  private Optional<String> overlap(Map<String, Long> addresses) {
    List<Block> births = new ArrayList<>(blocks);
    births.sort(Comparator.comparingInt(Block::first));
    List<Block> deaths = new ArrayList<>(blocks);
    deaths.sort(Comparator.comparingInt(Block::last));
    TreeMap<Long, Block> alive = new TreeMap<>();
    int dead = 0;
    for (Block b : births) {
      for (; deaths.get(dead).last() < b.first(); dead++) {
        alive.remove(at(addresses, deaths.get(dead)));
      }
      long at = at(addresses, b);
      Map.Entry<Long, Block> below = alive.floorEntry(at);
      Map.Entry<Long, Block> above = alive.ceilingEntry(at);
      if (below != null && below.getKey() + below.getValue().bytes() > at) {
        return shared(b, below.getValue());
      }
      if (above != null && at + b.bytes() > above.getKey()) {
        return shared(b, above.getValue());
      }
      alive.put(at, b);
    }
    return Optional.empty();
  }

  private static Optional<String> shared(Block a, Block b) {
    return fault("%s and %s share bytes in layer %d", a.name(), b.name(), a.first());
  }

  private static Optional<String> fault(String text, Object... values) {
    return Optional.of(text.formatted(values));
  }

  private static long at(Map<String, Long> addresses, Block b) {
    return Objects.requireNonNull(addresses.get(b.name()), b.name());
  }

  /** First byte after all blocks. */
  public long peak(Map<String, Long> addresses) {
    long peak = 0;
    for (Block b : blocks) {
      peak = Math.max(peak, at(addresses, b) + b.bytes());
    }
    return peak;
  }

  /** No arena is smaller: the most that is alive in one layer, all aligned but one. */
  public long lowerBound() {
    List<Block> births = new ArrayList<>(blocks);
    births.sort(Comparator.comparingInt(Block::first));
    List<Block> deaths = new ArrayList<>(blocks);
    deaths.sort(Comparator.comparingInt(Block::last));
    TreeMap<Long, Integer> gaps = new TreeMap<>();
    long bytes = 0;
    long bound = 0;
    int dead = 0;
    for (Block b : births) {
      for (; deaths.get(dead).last() < b.first(); dead++) {
        long size = deaths.get(dead).bytes();
        bytes -= aligned(size);
        gaps.computeIfPresent(aligned(size) - size, (gap, count) -> count == 1 ? null : count - 1);
      }
      bytes += aligned(b.bytes());
      gaps.merge(aligned(b.bytes()) - b.bytes(), 1, Integer::sum);
      bound = Math.max(bound, bytes - gaps.lastKey());
    }
    return bound;
  }

  public long aligned(long address) {
    return (address + alignment - 1) / alignment * alignment;
  }

  /** First and last layer of all lives. */
  public static int[] layers(Collection<Block> blocks) {
    return new int[] {
      blocks.stream().mapToInt(Block::first).min().orElse(0),
      blocks.stream().mapToInt(Block::last).max().orElse(0)
    };
  }
}
