// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.vliw.PipelinedLoop.Placed;
import lockstep.isa.Format;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.VliwIsa;

/** The bundles of a program, as they are written one after the other. */
public final class BundleCode {
  private final BundleSet isa;
  private final int drain;
  private final ByteArrayOutputStream words = new ByteArrayOutputStream();

  public BundleCode(VliwArchitecture machine) {
    isa = VliwIsa.of(machine);
    int longest = 1;
    for (Slot slot : isa.slots()) {
      longest = Math.max(longest, slot.kind().latency(machine));
    }
    drain = longest - 1;
  }

  /** Bundles so far. */
  public int count() {
    return words.size() / isa.bytes();
  }

  /** All bundles, {@link BundleSet#bytes} bytes each. */
  public byte[] words() {
    return words.toByteArray();
  }

  /** A loop, and empty bundles until its last results are there. */
  public void append(PipelinedLoop loop) {
    loop.bundles().forEach(this::append);
    settle();
  }

  /** Empty bundles until all results are there. */
  public void settle() {
    for (int i = 0; i < drain; i++) {
      append(List.of());
    }
  }

  /** One bundle. */
  public void append(List<Placed> operations) {
    byte[] bundle = new byte[isa.bytes()];
    for (Placed each : operations) {
      Slot slot = slot(each.operation().slot(), each.index());
      Format format = slot.operations().format(each.operation().mnemonic());
      long[] values = new long[format.fields().size()];
      each.operation().fields().forEach((name, value) -> values[format.index(name)] = value);
      for (int i = 0; i < each.numbers().length; i++) {
        values[format.index(each.operation().accesses().get(i).field())] = each.numbers()[i];
      }
      byte[] word = new byte[slot.operations().wordBytes()];
      slot.operations().encode(format, values, word, 0);
      System.arraycopy(word, 0, bundle, slot.offset(), word.length);
    }
    words.writeBytes(bundle);
  }

  /** A bundle with one operation that accesses no virtual register. */
  public void append(SlotKind kind, String mnemonic, Map<String, Long> fields) {
    append(List.of(new Placed(new Operation(kind, mnemonic, fields, List.of()), 0, new int[0])));
  }

  private Slot slot(SlotKind kind, int index) {
    for (Slot slot : isa.slots()) {
      if (slot.kind() == kind && slot.index() == index) {
        return slot;
      }
    }
    throw new IllegalArgumentException(
        "%s has no slot %s %d".formatted(isa.name(), kind.word(), index));
  }
}
