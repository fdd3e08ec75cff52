// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A memory region cut into equal slots that hold keyed contents. The one given up is the one that
 * is needed latest, or never again, as in Belady, "A study of replacement algorithms for a
 * virtual-storage computer", 1966; of several the least recently used one.
 */
final class Slots<K> {
  private final int base;
  private final int step;
  private final int count;
  private final Map<K, List<Integer>> uses = new HashMap<>();
  private final LinkedHashMap<K, Integer> held = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param base first row of the region
   * @param rows rows of the region
   * @param size rows of a slot
   * @param fromEnd the first slot given is the last of the region
   * @param steps all steps of the layer
   * @param key what a step uses
   */
  Slots(int base, int rows, int size, boolean fromEnd, List<Step> steps, Function<Step, K> key) {
    this.count = size == 0 ? 0 : rows / size;
    this.base = fromEnd ? base + rows - size : base;
    this.step = fromEnd ? -size : size;
    for (int i = 0; i < steps.size(); i++) {
      uses.computeIfAbsent(key.apply(steps.get(i)), k -> new ArrayList<>()).add(i);
    }
  }

  int count() {
    return count;
  }

  /** First row of the slot that holds {@code key}, or -1. Counts as a use. */
  int find(K key) {
    Integer slot = held.get(key);
    return slot == null ? -1 : base + slot * step;
  }

  /** Whether {@code key} can have a slot while {@code needed} keeps its own. */
  boolean roomBeside(K key, K needed) {
    return held.containsKey(key) || held.size() < count || count > 1 || !held.containsKey(needed);
  }

  /**
   * Gives {@code key} a slot and returns its first row.
   *
   * @param when index of the step that uses it
   * @param needed whose slot is not to be given up, or null
   */
  int allocate(K key, int when, @Nullable K needed) {
    int slot;
    if (held.size() < count) {
      slot = held.size();
    } else {
      K victim = victim(when, needed);
      slot = Objects.requireNonNull(held.remove(victim));
    }
    held.put(key, slot);
    return base + slot * step;
  }

  private K victim(int step, @Nullable K needed) {
    K latest = null;
    int when = -1;
    for (K each : held.keySet()) {
      int next = nextUse(each, step);
      if (next > when && !each.equals(needed)) {
        latest = each;
        when = next;
      }
    }
    if (latest == null) {
      throw new IllegalStateException("the only slot is needed");
    }
    return latest;
  }

  private int nextUse(K key, int step) {
    List<Integer> all = uses.getOrDefault(key, List.of());
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle) <= step) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < all.size() ? all.get(low) : Integer.MAX_VALUE;
  }
}
