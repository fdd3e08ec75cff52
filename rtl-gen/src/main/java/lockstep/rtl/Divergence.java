// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.List;
import java.util.Optional;

/**
 * Where simulator and RTL part.
 *
 * @param complaint why the RTL did not end, or what it did that no machine may do
 * @param instruction the instruction that diverges first, by the smaller of its two retire cycles;
 *     empty if all retire cycles agree
 * @param stuck the instruction that should have retired first of those that never do in the RTL
 * @param simulatedCycles total cycles of the simulator
 * @param rtlCycles total cycles of the RTL, or those until it was stopped
 * @param counters the counters that differ
 * @param memory the first byte that differs
 */
public record Divergence(
    Optional<String> complaint,
    Optional<Instruction> instruction,
    Optional<Instruction> stuck,
    long simulatedCycles,
    long rtlCycles,
    List<Counter> counters,
    Optional<MemoryByte> memory) {
  /** The retire cycle of an instruction that never retired. */
  public static final long NEVER = -1;

  /**
   * An instruction and the cycles in which it retired.
   *
   * @param index its place in the program, from 0
   * @param assembly the text that the assembler reads
   * @param layer name of the layer it belongs to, empty if it belongs to none
   */
  public record Instruction(int index, String assembly, String layer, long simulated, long rtl) {
    private String text() {
      return "instruction %d%s %s: %s"
          .formatted(
              index,
              layer.isEmpty() ? "" : " of layer " + layer,
              simulated == rtl
                  ? "retires in cycle %d in both".formatted(rtl)
                  : "retires %s simulated, %s in RTL".formatted(when(simulated), when(rtl)),
              assembly);
    }

    private static String when(long cycle) {
      return cycle == NEVER ? "never" : "in cycle " + cycle;
    }

    private long first() {
      return simulated == NEVER ? rtl : rtl == NEVER ? simulated : Math.min(simulated, rtl);
    }
  }

  /** A counter's two values. */
  public record Counter(String key, long simulated, long rtl) {}

  /**
   * A byte of memory after the run.
   *
   * @param writer the store that writes it last, if one does
   */
  public record MemoryByte(long address, int simulated, int rtl, Optional<Instruction> writer) {}

  /** The cycle to look at: of the first diverging instruction, else of the store, else the last. */
  public long cycle() {
    return instruction
        .or(() -> memory.flatMap(MemoryByte::writer))
        .map(Instruction::first)
        .orElse(Math.min(simulatedCycles, rtlCycles) - 1);
  }

  /** All of it in a few lines. */
  public String text() {
    StringBuilder text = new StringBuilder();
    complaint.ifPresent(c -> text.append("the Verilog ").append(c).append('\n'));
    instruction.ifPresent(i -> text.append(i.text()).append('\n'));
    stuck
        .filter(i -> !instruction.equals(stuck))
        .ifPresent(i -> text.append(i.text()).append('\n'));
    if (simulatedCycles != rtlCycles && complaint.isEmpty()) {
      text.append("total cycles %d simulated, %d in RTL\n".formatted(simulatedCycles, rtlCycles));
    }
    for (Counter c : counters) {
      text.append(
          "counter %s: %d simulated, %d in RTL\n".formatted(c.key(), c.simulated(), c.rtl()));
    }
    memory.ifPresent(
        m -> {
          text.append(
              "memory differs first at byte 0x%x: 0x%02x simulated, 0x%02x in RTL\n"
                  .formatted(m.address(), m.simulated() & 0xff, m.rtl() & 0xff));
          m.writer().ifPresent(w -> text.append("written by ").append(w.text()).append('\n'));
        });
    return text.toString().stripTrailing();
  }
}
