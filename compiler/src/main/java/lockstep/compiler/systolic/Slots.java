// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A memory region cut into equal slots that hold keyed contents, the least recently used one given
 * up first.
 */
final class Slots<K> {
  private final int base;
  private final int size;
  private final int count;
  private final LinkedHashMap<K, Integer> held = new LinkedHashMap<>(16, 0.75f, true);

  Slots(int base, int rows, int size) {
    this.base = base;
    this.size = size;
    this.count = size == 0 ? 0 : rows / size;
  }

  int count() {
    return count;
  }

  /** First row of the slot that holds {@code key}, or -1. Counts as a use. */
  int find(K key) {
    Integer slot = held.get(key);
    return slot == null ? -1 : base + slot * size;
  }

  /** Whether giving {@code key} a slot would throw out {@code needed}. */
  boolean evicts(K key, K needed) {
    return !held.containsKey(key)
        && held.size() == count
        && held.entrySet().iterator().next().getKey().equals(needed);
  }

  /** Gives {@code key} a slot and returns its first row. */
  int allocate(K key) {
    int slot;
    if (held.size() < count) {
      slot = held.size();
    } else {
      Map.Entry<K, Integer> oldest = held.entrySet().iterator().next();
      slot = oldest.getValue();
      held.remove(oldest.getKey());
    }
    held.put(key, slot);
    return base + slot * size;
  }
}
