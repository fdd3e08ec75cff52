// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VliwCounterTest {
  @ParameterizedTest
  @EnumSource
  void everyKindOfSlotHasItsOwnCounter(SlotKind kind) {
    assertThat(VliwCounter.operations(kind).key()).isEqualTo(kind.word() + ".operations");
  }
}
