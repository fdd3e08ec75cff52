// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.isa.Field;
import lockstep.isa.Format;
import lockstep.isa.InstructionStream;

/**
 * Where the fields of one instruction lie: tokens in the header, the others in the 32-bit words
 * after it. Fields that change together from instruction to instruction share a word, so that the
 * stream repeats few words; no field lies in two.
 */
final class Layout {
  private static final int WORD = 32;

  private record Draft(String name, int word, int bits, boolean signed, String meaning) {}

  private final List<Field> header = new ArrayList<>();
  private final List<Draft> body = new ArrayList<>();
  private int next = SystolicIsa.OPCODE_BITS;

  Layout header(String name, int bits, String meaning) {
    header.add(new Field(name, next, bits, false, meaning));
    next += bits;
    if (next > InstructionStream.MASK_LSB) {
      throw new IllegalStateException("the header has no room for " + name);
    }
    return this;
  }

  Layout add(int word, String name, int bits, String meaning) {
    body.add(new Draft(name, word, bits, false, meaning));
    return this;
  }

  Layout addSigned(int word, String name, int bits, String meaning) {
    body.add(new Draft(name, word, bits, true, meaning));
    return this;
  }

  Format format(String mnemonic, int opcode, String meaning) {
    SortedMap<Integer, List<Draft>> words = new TreeMap<>();
    body.forEach(d -> words.computeIfAbsent(d.word, k -> new ArrayList<>()).add(d));
    Field[] placed = new Field[body.size()];
    int bit = WORD;
    for (List<Draft> word : words.values()) {
      bit = Math.ceilDiv(bit, WORD) * WORD;
      for (Draft d : word) {
        if (bit % WORD + d.bits > WORD) {
          bit = Math.ceilDiv(bit, WORD) * WORD;
        }
        placed[body.indexOf(d)] = new Field(d.name, bit, d.bits, d.signed, d.meaning);
        bit += d.bits;
      }
    }
    List<Field> fields = new ArrayList<>(header);
    fields.addAll(List.of(placed));
    return new Format(mnemonic, opcode, List.copyOf(fields), meaning);
  }
}
