// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicIsa;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystolicInstructionTest {
  private final InstructionSet isa = SystolicIsa.of(Machines.tiny());

  /** A value that fits for each field. */
  private static long[] values(Format format, SplittableRandom random) {
    return format.fields().stream().mapToLong(f -> random.nextLong(f.min(), f.max() + 1)).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"halt", "load", "execute", "store"})
  void hasTheFieldsOfItsFormatInTheirOrder(String mnemonic) {
    Format format = isa.format(mnemonic);
    SystolicInstruction instruction =
        SystolicInstruction.of(format, new long[format.fields().size()]);
    assertThat(instruction.mnemonic()).isEqualTo(mnemonic);
    assertThat(
            Stream.of(instruction.getClass().getRecordComponents())
                .map(RecordComponent::getName)
                .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)))
        .containsExactlyElementsOf(format.fields().stream().map(Field::name).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"halt", "load", "execute", "store"})
  void keepsEveryValueAtItsName(String mnemonic) throws ReflectiveOperationException {
    Format format = isa.format(mnemonic);
    SplittableRandom random = new SplittableRandom(1);
    for (int draw = 0; draw < 50; draw++) {
      long[] values = values(format, random);
      SystolicInstruction instruction = SystolicInstruction.of(format, values);
      assertThat(instruction.values()).isEqualTo(values);
      RecordComponent[] components = instruction.getClass().getRecordComponents();
      for (int i = 0; i < values.length; i++) {
        Object value = components[i].getAccessor().invoke(instruction);
        long number =
            switch (value) {
              case Boolean flag -> flag ? 1 : 0;
              case Number n -> n.longValue();
              default -> throw new AssertionError(components[i] + " is " + value);
            };
        assertThat(number).as(components[i].getName()).isEqualTo(values[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "execute", "store"})
  void takesOtherTokensAndKeepsTheRest(String mnemonic) {
    Format format = isa.format(mnemonic);
    long[] values = values(format, new SplittableRandom(2));
    SystolicInstruction changed =
        SystolicInstruction.of(format, values).withTokens(3, 4, true, false);
    values[0] = 3;
    values[1] = 4;
    values[2] = 1;
    values[3] = 0;
    assertThat(changed.values()).isEqualTo(values);
  }
}
