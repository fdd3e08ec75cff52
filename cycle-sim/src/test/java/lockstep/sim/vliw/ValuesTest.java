// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.SmallMachine.HALT;
import static lockstep.sim.vliw.SmallMachine.nops;
import static lockstep.sim.vliw.SmallMachine.transfer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import lockstep.compiler.program.Program;
import lockstep.isa.FixedPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the units compute. Registers 0 to 7 are loaded with 64 bytes of data before. */
class ValuesTest {
  private static final int DATA = 4096;
  private static final int OUT = 8192;

  private static ByteBuffer data() {
    return ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Register 7 after {@code bundles}. */
  private static byte[] register7(byte[] data, String bundles) {
    StringBuilder text = new StringBuilder(transfer(0, DATA, 0, 64));
    text.append("{ dma: wait direction=0, most=0 }\n");
    for (int i = 0; i < 8; i++) {
      text.append("{ load0: load to=%d, step=%d }\n".formatted(i, 2 * i));
    }
    text.append(nops(2)).append(bundles).append(nops(3));
    text.append("{ store: store from=7, step=32, pieces=2 }\n");
    text.append(transfer(1, OUT, 128, 8)).append(HALT);
    VliwRun run = new SmallMachine().run(text.toString(), new Program.Segment(DATA, data));
    return Arrays.copyOfRange(run.result().memory(), OUT, OUT + 8);
  }

  private static int[] lanes(byte[] register) {
    ByteBuffer view = ByteBuffer.wrap(register).order(ByteOrder.LITTLE_ENDIAN);
    return new int[] {view.getInt(), view.getInt()};
  }

  @ParameterizedTest
  @CsvSource({
    // of (5, 2^31 - 1) and (-7, 3)
    "add, -2, -2147483646",
    "sub, 12, 2147483644",
    "mul, -35, 2147483645",
    "min, -7, 3",
    "max, 5, 2147483647",
  })
  void laneByLane(String operation, int first, int second) {
    byte[] data = data().putInt(5).putInt(Integer.MAX_VALUE).putInt(-7).putInt(3).array();
    assertThat(lanes(register7(data, "{ vector: %s to=7, a=0, b=1 }\n".formatted(operation))))
        .containsExactly(first, second);
  }

  @ParameterizedTest
  @CsvSource({
    // value, multiplier, shift, result: half to even
    "3, 1, 1, 2",
    "5, 1, 1, 2",
    "-5, 1, 1, -2",
    "1000, 3, 1, 1500",
    // only 24 bits of a multiplier and 6 of a shift count
    "1000, 0x5000003, 0x41, 1500",
    "2147483647, 0xffffff, 0, 2147483647",
    "-2147483648, 0xffffff, 0, -2147483648",
  })
  void scaleRoundsAndSaturates(int value, String multiplier, String shift, int result) {
    byte[] data =
        data()
            .putInt(value)
            .putInt(1)
            .putInt(Integer.decode(multiplier))
            .putInt(6)
            .putInt(Integer.decode(shift))
            .putInt(2)
            .array();
    assertThat(lanes(register7(data, "{ vector: scale to=7, from=0, scale=1 }\n")))
        .containsExactly(result, 2);
  }

  @Test
  void codesWidenAndNarrow() {
    byte[] codes = {1, 2, 3, -4, -128, 127, 7, 8};
    byte[] data = data().put(codes).putInt(-200).putInt(Integer.MAX_VALUE).array();
    assertThat(lanes(register7(data, "{ vector: widen to=7, from=0, quarter=2 }\n")))
        .containsExactly(-128, 127);
    String narrow = "{ vector: narrow to=7, from=1, quarter=%d, zero=%d, min=-100, max=90 }\n";
    assertThat(register7(data, narrow.formatted(3, 127)))
        .containsExactly(0, 0, 0, 0, 0, 0, -73, 90);
    assertThat(register7(data, narrow.formatted(0, -128)))
        .containsExactly(-100, 90, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void codesAreComparedOrderedAndLookedUp() {
    byte[] a = {1, 2, 3, -4, -128, 127, 7, 8};
    byte[] order = {7, 0, 9, -1, 6, 5, 4, 3};
    byte[] data = data().put(a).put(order).array();
    assertThat(register7(data, "{ vector: greater to=7, a=0, b=1 }\n"))
        .containsExactly(7, 2, 9, -1, 6, 127, 7, 8);
    // lanes -66911743 and 134709120 over lanes -16187129 and 50595078, then places as a mask
    assertThat(register7(data, "{ vector: compare to=7, a=0, b=1 }\n"))
        .containsExactly(0, 0, 0, 0, -1, -1, -1, -1);
    assertThat(register7(data, "{ vector: select to=7, a=1, b=0, mask=1 }\n"))
        .containsExactly(7, 2, 9, -1, 6, 5, 4, 3);
    // places 7, 0, 9 mod 8, 255 mod 8, ..
    assertThat(register7(data, "{ permute: shuffle to=7, from=0, order=1 }\n"))
        .containsExactly(8, 1, 2, 8, 7, 127, -128, -4);
    // part 16 of a table holds codes 0 to 7; the lookup of the third step after the fill sees it
    String fill = "{ special: fill from=0, table=1, part=16 }\n" + nops(2);
    assertThat(register7(data, fill + "{ special: lookup to=7, from=1, table=1 }\n"))
        .containsExactly(8, 1, 0, 0, 7, 127, -128, -4);
    String early = "{ special: fill from=0, table=1, part=16 }\n" + nops(1);
    assertThat(register7(data, early + "{ special: lookup to=7, from=1, table=1 }\n"))
        .containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({
    // lane, and what it is inverted to: 2^17 / (m in [1, 2)) and p, 2^17 / sqrt(m in [1, 4)), p / 2
    "0, 131072, 0, 131072, 0",
    "1, 131072, 0, 131072, 0",
    "2, 131072, 1, 92682, 0",
    "3, 87381, 1, 75674, 0",
    "4, 131072, 2, 131072, 1",
    "2147483648, 131072, 31, 92682, 15",
    "4294967295, 65536, 31, 65536, 15",
    // half and a quarter between 131072 and 130562, 130563; a quarter between 92682 and 92322
    "16777217, 131072, 24, 131072, 12",
    "16809984, 130817, 24, 130945, 12",
    "33619968, 130817, 25, 92592, 12",
    // the bit that is cut off does not count
    "33619969, 130817, 25, 92592, 12",
  })
  void lanesAreInvertedByPieces(long lane, int mantissa, int power, int rootMantissa, int half) {
    byte[] data = data().putInt((int) lane).putInt(1).array();
    assertThat(lanes(register7(data, inverse("reciprocal", 0)))).containsExactly(mantissa, 131072);
    assertThat(lanes(register7(data, inverse("reciprocal", 1)))).containsExactly(power, 0);
    assertThat(lanes(register7(data, inverse("root", 0)))).containsExactly(rootMantissa, 131072);
    assertThat(lanes(register7(data, inverse("root", 1)))).containsExactly(half, 0);
  }

  @Test
  void inversesAreRightToSixteenBits() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 50; i++) {
      long lane = 1 + (random.nextLong() >>> 32 + random.nextInt(31));
      byte[] data = data().putInt((int) lane).array();
      int[] found = new int[4];
      for (int part = 0; part < 2; part++) {
        found[part] = lanes(register7(data, inverse("reciprocal", part)))[0];
        found[2 + part] = lanes(register7(data, inverse("root", part)))[0];
      }
      assertThat(lane * Math.scalb((double) found[0], -17 - found[1]))
          .isCloseTo(1, within(0x1p-15));
      assertThat(Math.sqrt(lane) * Math.scalb((double) found[2], -17 - found[3]))
          .isCloseTo(1, within(0x1p-15));
    }
  }

  private static String inverse(String operation, int part) {
    return "{ special: %s to=7, from=0, part=%d }\n".formatted(operation, part);
  }

  @Test
  void splatFillsAllLanes() {
    assertThat(lanes(register7(data().array(), "{ vector: splat to=7, value=-9 }\n")))
        .containsExactly(-9, -9);
  }

  @Test
  void sumsOfProductsAreRequantised() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20; i++) {
      byte[] data = new byte[64];
      random.nextBytes(data);
      ByteBuffer view = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
      view.putInt(32, 12 + random.nextInt(7));
      view.putInt(36, random.nextInt());
      int[] sums = new int[4];
      for (int r = 0; r < 2; r++) {
        for (int c = 0; c < 2; c++) {
          for (int k = 0; k < 4; k++) {
            sums[2 * r + c] += data[4 * r + k] * data[8 + 2 * k + c];
          }
        }
      }
      // lane i of part 1 is sum [1][i]; bias, multiplier and shift in registers 2, 3 and 4
      byte[] expected = new byte[8];
      System.arraycopy(data, 56, expected, 0, 8);
      for (int lane = 0; lane < 2; lane++) {
        expected[2 + lane] =
            FixedPoint.postProcess(
                sums[2 + lane],
                view.getInt(16 + 4 * lane),
                view.getInt(24 + 4 * lane) & 0xffffff,
                view.getInt(32 + 4 * lane) & 63,
                0,
                0,
                0,
                32768,
                0,
                -3,
                -120,
                100);
      }
      String bundles =
          "{ matrix: multiply to=1, left=0, right=1 }\n"
              + nops(2)
              + "{ vector: requantise to=7, quarter=1, zero=-3, min=-120, max=100, from=1, part=1,"
              + " parameters=2 }\n";
      assertThat(register7(data, bundles)).isEqualTo(expected);
    }
  }

  @Test
  void registersAfterTheLastAreTheFirst() {
    byte[] data = new byte[64];
    ByteBuffer view = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    view.putInt(48, 100).putInt(52, 100).putInt(56, 3).putInt(60, 5).putInt(0, 0).putInt(4, 1);
    assertThat(lanes(register7(data, "{ vector: scale to=7, from=6, scale=7 }\n")))
        .containsExactly(300, 250);
  }
}
