// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.compiler.vliw.PipelinedLoop.Placed;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.VliwIsa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelinedLoopTest {
  private static final VliwArchitecture AIE = machine();

  private static VliwArchitecture machine(String... overrides) {
    return (VliwArchitecture)
        SpecLoader.load(Path.of("../arch-specs/npu-aie-like.yaml"), List.of(overrides))
            .architecture();
  }

  private static Operation load(Register base, Register to, int offset, long step) {
    return new Operation(
        SlotKind.LOAD,
        "load",
        Map.of("step", step, "post", 1L),
        List.of(Access.of("base", base, Use.STEP), new Access("to", to, offset, 1, Use.PART)));
  }

  /** Sums of products of vectors: both operands from local memory, one product a round. */
  private static List<Operation> sums() {
    Register left = new Register(File.SCALAR, 0, 1);
    Register right = new Register(File.SCALAR, 1, 1);
    Register a = new Register(File.VECTOR, 2, 1);
    Register b = new Register(File.VECTOR, 3, 2);
    Register sum = new Register(File.ACCUMULATOR, 4, 1);
    return List.of(
        load(left, a, 0, 4),
        load(right, b, 0, 4),
        load(right, b, 1, 4),
        new Operation(
            SlotKind.MATRIX,
            "multiply",
            Map.of("add", 1L),
            List.of(
                Access.of("left", a, Use.READ),
                Access.of("right", b, Use.READ),
                Access.of("to", sum, Use.ADD))));
  }

  /** A vector, and what four operations one after the other make of it, the last with it again. */
  private static List<Operation> chain() {
    Register base = new Register(File.SCALAR, 0, 1);
    Register first = new Register(File.VECTOR, 1, 1);
    List<Operation> operations = new ArrayList<>(List.of(load(base, first, 0, 4)));
    Register last = first;
    for (int i = 0; i < 4; i++) {
      Register next = new Register(File.VECTOR, 2 + i, 1);
      operations.add(
          new Operation(
              SlotKind.VECTOR,
              "add",
              Map.of(),
              List.of(
                  Access.of("a", last, Use.READ),
                  Access.of("b", first, Use.READ),
                  Access.of("to", next, Use.WRITE))));
      last = next;
    }
    return operations;
  }

  @Test
  void theIntervalIsTheLoadsAndValuesThatLiveLongerHaveSeveralRegisters() {
    PipelinedLoop loop = PipelinedLoop.of(AIE, sums(), 40, Map.of());

    // three loads in two slots; `right` steps on twice a round, one step apart
    assertThat(loop.bound().interval()).isEqualTo(2);
    assertThat(loop.bound().by()).isEqualTo("load slots");
    assertThat(loop.schedule().interval()).isEqualTo(2);
    // loaded, multiplied five steps later at the earliest
    assertThat(loop.schedule().length()).isGreaterThanOrEqualTo(6);
    assertThat(loop.registers().get(File.SCALAR)).isEqualTo(2);
    assertThat(loop.registers().get(File.ACCUMULATOR)).isEqualTo(1);
    assertThat(loop.steps()).isEqualTo(39 * 2 + loop.schedule().length());
    assertThat(loop.times()).isGreaterThan(10);
    assertThat(loop.bundles().size()).isLessThan(24);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 40, 41, 42, 43})
  void everyRoundDoesEverythingOnceAndInOrder(long rounds) {
    PipelinedLoop loop = PipelinedLoop.of(AIE, sums(), rounds, Map.of());

    List<List<Placed>> unrolled = new ArrayList<>();
    for (int i = 0; i < loop.bundles().size(); i++) {
      if (loop.body() > 0 && i == loop.from()) {
        for (int round = 1; round < loop.times(); round++) {
          unrolled.addAll(loop.bundles().subList(i, i + loop.body()));
        }
      }
      unrolled.add(loop.bundles().get(i));
    }
    assertThat(unrolled).hasSize((int) loop.steps());
    List<Operation> operations = sums();
    long[] issued = new long[operations.size()];
    Map<Integer, Long> values = new HashMap<>(); // by vector register, the round that loaded it
    Map<Integer, Map<Integer, Long>> arriving = new HashMap<>();
    int openings = 0;
    for (int step = 0; step < unrolled.size(); step++) {
      values.putAll(arriving.getOrDefault(step, Map.of()));
      for (Placed each : unrolled.get(step)) {
        int which = operations.indexOf(each.operation());
        if (which < 0) {
          assertThat(each.operation().mnemonic()).isEqualTo("loop");
          openings++;
          continue;
        }
        long round = issued[which]++;
        if (each.operation().slot() == SlotKind.LOAD) {
          arriving
              .computeIfAbsent(step + AIE.slots().load().latency(), _ -> new HashMap<>())
              .put(each.numbers()[1], round);
        } else {
          assertThat(values).containsEntry(each.numbers()[0], round);
          assertThat(values).containsEntry(each.numbers()[1], round);
          assertThat(values).containsEntry(each.numbers()[1] + 1, round);
        }
      }
    }
    assertThat(openings).isEqualTo(loop.body() > 0 ? 1 : 0);
    assertThat(issued).containsOnly(rounds);
  }

  @Test
  void aLoopThatNeedsMoreRegistersTakesLongerOrIsRefused() {
    var four = machine("slots.vector.count=4");
    PipelinedLoop wide = PipelinedLoop.of(four, chain(), 40, Map.of());
    assertThat(wide.schedule().interval()).isEqualTo(1);
    int needed = wide.registers().get(File.VECTOR);
    assertThat(needed).isGreaterThan(8);

    var scarce = machine("slots.vector.count=4", "registers.vector.count=" + (needed - 1));
    PipelinedLoop narrow = PipelinedLoop.of(scarce, chain(), 40, Map.of());
    assertThat(narrow.schedule().interval()).isEqualTo(2);

    List<Operation> greedy = new ArrayList<>();
    for (int i = 0; i < 33; i++) {
      Register base = new Register(File.SCALAR, 100 + i, 1);
      greedy.add(load(base, new Register(File.VECTOR, 1, 1), 0, 1));
    }
    assertThatThrownBy(() -> PipelinedLoop.of(AIE, greedy, 4, Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("needs more registers than there are");
  }

  @Test
  void thereIsOneOfAFixedRegisterAlsoWhereARoundWritesItFirst() {
    var four = machine("slots.vector.count=4");
    Register first = chain().getFirst().accesses().getLast().register();

    PipelinedLoop loop = PipelinedLoop.of(four, chain(), 20, Map.of(first, 7));

    // read by all of four additions, two steps apart; the next one may arrive a step later
    assertThat(loop.schedule().interval()).isEqualTo(3 * 2 + 1);
    assertThat(PipelinedLoop.of(four, chain(), 20, Map.of()).schedule().interval()).isEqualTo(1);
    assertThat(loop.bundles().stream().flatMap(List::stream))
        .filteredOn(each -> each.operation().slot() == SlotKind.VECTOR)
        .allSatisfy(each -> assertThat(each.numbers()[1]).isEqualTo(7));
  }

  @Test
  void anOperationWithoutASlotIsRefused() {
    Register codes = new Register(File.VECTOR, 0, 1);
    Register looked = new Register(File.VECTOR, 1, 1);
    List<Operation> operations =
        List.of(
            new Operation(
                SlotKind.SPECIAL,
                "lookup",
                Map.of(),
                List.of(Access.of("from", codes, Use.READ), Access.of("to", looked, Use.WRITE))));
    assertThatThrownBy(
            () -> PipelinedLoop.of(machine("slots.special.count=0"), operations, 2, Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessage("npu-aie-like has no special slot, which `lookup` needs; add one");
  }

  @Test
  void theBundlesAreTextThatAssembles() {
    BundleCode code = new BundleCode(AIE);
    code.append(PipelinedLoop.of(AIE, sums(), 40, Map.of()));
    code.append(SlotKind.SCALAR, "halt", Map.of());
    BundleText text = new BundleText(VliwIsa.of(AIE));

    assertThat(text.text(code.words())).contains("scalar: loop count=", "matrix: multiply");
    assertThat(text.assemble(text.text(code.words()), "p.s")).isEqualTo(code.words());
  }
}
