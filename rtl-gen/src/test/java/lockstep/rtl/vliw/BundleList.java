// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.BundleStream;
import lockstep.isa.Format;
import lockstep.isa.Stream;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.VliwIsa;

/** A program that grows bundle by bundle; off-chip memory holds {@code memory} behind it. */
final class BundleList {
  static final int MEMORY = 1 << 16;
  private static final int BASE = 0;

  final BundleSet isa;
  private final ByteArrayOutputStream words = new ByteArrayOutputStream();
  private byte[] bundle;

  BundleList(VliwArchitecture machine) {
    isa = VliwIsa.of(machine);
    bundle = new byte[isa.bytes()];
  }

  /** Puts an operation into a slot of the bundle that is being written. */
  BundleList with(Slot slot, String mnemonic, Map<String, Long> fields) {
    Format format = slot.operations().format(mnemonic);
    long[] values = new long[format.fields().size()];
    fields.forEach((name, value) -> values[format.index(name)] = value);
    byte[] word = new byte[slot.operations().wordBytes()];
    slot.operations().encode(format, values, word, 0);
    System.arraycopy(word, 0, bundle, slot.offset(), word.length);
    return this;
  }

  /** Ends the bundle that is being written. */
  void end() {
    words.writeBytes(bundle);
    bundle = new byte[isa.bytes()];
  }

  /** Empty bundles. */
  void idle(int count) {
    for (int i = 0; i < count; i++) {
      end();
    }
  }

  int count() {
    return words.size() / isa.bytes();
  }

  /**
   * The program, at the start of off-chip memory.
   *
   * @param data contents of memory from {@link #MEMORY} on
   * @param memoryBytes size of memory
   */
  Program program(String name, byte[] data, int memoryBytes) {
    byte[] stream = BundleStream.compress(words.toByteArray(), isa.bytes());
    if (stream.length > MEMORY - 1024) {
      throw new IllegalStateException("a program of " + stream.length + " bytes");
    }
    return new Program(
        name,
        "",
        Stream.BUNDLES,
        isa.bytes(),
        BASE,
        count(),
        List.of(
            new Program.Segment(BASE, Arrays.copyOf(stream, MEMORY)),
            new Program.Segment(MEMORY, data)),
        memoryBytes,
        List.of(),
        new int[count()],
        List.of(new Program.LayerInfo("all", 0, "", "", 0, "", 0, "", Program.Stripes.NONE)));
  }
}
