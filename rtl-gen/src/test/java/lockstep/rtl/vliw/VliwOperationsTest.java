// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import static lockstep.rtl.vliw.VliwPrograms.DATA;
import static lockstep.rtl.vliw.VliwPrograms.HALT;
import static lockstep.rtl.vliw.VliwPrograms.empty;
import static lockstep.rtl.vliw.VliwPrograms.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.FixedPoint;
import lockstep.rtl.Tools;
import lockstep.sim.RunResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation on vectors of 8 bytes, two lanes, against the same in Java. */
class VliwOperationsTest {
  private static final int RESULT = DATA + 4096;
  private static final int OUTPUT = 512;

  /** So many steps that every result has arrived, in few bundles. */
  private static final String IDLE = "{ scalar: loop count=8, bundles=1 }\n{ }\n";

  private record Operation(String text, byte[] expected) {}

  private final ByteBuffer data = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
  private final List<Operation> operations = new ArrayList<>();

  static Stream<VliwArchitecture> machines() {
    return Stream.of(VliwRunTest.MACHINE, VliwRunTest.OTHER);
  }

  @ParameterizedTest
  @MethodSource("machines")
  void doWhatTheContractSays(VliwArchitecture machine) throws Exception {
    Tools.assumeInstalled("verilator");
    new SplittableRandom(9).nextBytes(data.array());
    data.putInt(36, 0x123); // a shift's other bits say nothing
    data.putInt(40, 0xffffff85).putInt(44, 0x7b7f8082); // codes at both ends of a table
    draw();
    StringBuilder text = new StringBuilder(transfer(0, DATA, 0, 48));
    text.append("{ scalar: li to=1, value=0 }\n{ scalar: li to=2, value=%d }\n".formatted(OUTPUT));
    text.append(empty(2));
    for (int i = 0; i < 6; i++) {
      text.append("{ load: load base=1, step=2, post=1, to=%d }\n".formatted(i));
    }
    text.append(IDLE);
    for (Operation operation : operations) {
      text.append(operation.text()).append('\n').append(IDLE);
      text.append("{ store: store base=2, step=2, post=1, from=7, pieces=2 }\n");
      text.append("{ vector: splat to=7, value=0 }\n").append(IDLE);
    }
    text.append(transfer(1, RESULT, OUTPUT, 8 * operations.size())).append(HALT);
    RunResult run = VliwPrograms.run(machine, text.toString(), data.array());
    for (int i = 0; i < operations.size(); i++) {
      byte[] found = new byte[8];
      System.arraycopy(run.memory(), RESULT + 8 * i, found, 0, 8);
      assertThat(found).as(operations.get(i).text()).isEqualTo(operations.get(i).expected());
    }
  }

  private interface Lane {
    int of(int a, int b);
  }

  private void draw() {
    lanes("add to=7, a=0, b=1", 0, 1, (a, b) -> a + b);
    lanes("sub to=7, a=0, b=1", 0, 1, (a, b) -> a - b);
    lanes("mul to=7, a=0, b=1", 0, 1, (a, b) -> a * b);
    lanes("min to=7, a=0, b=1", 0, 1, Math::min);
    lanes("max to=7, a=2, b=1", 2, 1, Math::max);
    lanes("splat to=7, value=-123456", 0, 0, (a, b) -> -123456);
    ByteBuffer scaled = vector();
    ByteBuffer copied = vector();
    for (int i = 0; i < 2; i++) {
      scaled.putInt(
          4 * i,
          FixedPoint.requantise(lane(0, i), lane(3, i) & 0xffffff, Math.floorMod(lane(4, i), 64)));
    }
    vector("{ vector: scale to=7, from=0, scale=3 }", scaled.array());
    vector("{ vector: widen to=7, from=1, quarter=3 }", widened(1, 3));
    byte[] narrowed = new byte[8];
    byte[] greater = new byte[8];
    byte[] shuffled = new byte[8];
    byte[] found = new byte[8];
    for (int i = 0; i < 2; i++) {
      narrowed[4 + i] = (byte) Math.clamp((long) lane(5, i) + 17, -90, 80);
    }
    for (int i = 0; i < 8; i++) {
      greater[i] = (byte) Math.max(code(0, i), code(1, i));
      shuffled[i] = code(0, code(1, i) & 7);
      int place = code(5, i) + 128;
      found[i] = place < 8 ? code(2, place) : place >= 248 ? code(3, place - 248) : 0;
    }
    vector("{ vector: narrow to=7, quarter=2, zero=17, min=-90, max=80, from=5 }", narrowed);
    vector("{ vector: greater to=7, a=0, b=1 }", greater);
    lanes("compare to=7, a=0, b=1", 0, 1, (x, y) -> x > y ? -1 : 0);
    lanes("compare to=7, a=1, b=0", 1, 0, (x, y) -> x > y ? -1 : 0);
    byte[] selected = new byte[8];
    for (int i = 0; i < 8; i++) {
      selected[i] = lane(0, i / 4) > lane(1, i / 4) ? code(2, i) : code(3, i);
    }
    String mask = "{ vector: compare to=6, a=0, b=1 }\n" + IDLE;
    vector(mask + "{ vector: select to=7, a=2, b=3, mask=6 }", selected);
    vector("{ permute: shuffle to=7, from=0, order=1 }", shuffled);
    vector(
        """
        { special: fill from=2, table=0, part=0 }
        { special: fill from=3, table=0, part=31 }
        %s{ special: lookup to=7, from=5, table=0 }"""
            .formatted(IDLE),
        found);
    for (int i = 0; i < 2; i++) {
      int sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += code(0, 4 + k) * code(1 + k / 2, 4 * (k % 2) + 2 + i);
      }
      copied.putInt(4 * i, sum);
    }
    vector(
        """
        { matrix: multiply to=1, left=0, right=1, add=1 }
        %s{ vector: sums to=7, from=1, part=3 }"""
            .formatted(IDLE),
        copied.array());
    inverse("", 0, lane(0, 0), lane(0, 1));
    inverse("", 4, lane(4, 0), lane(4, 1));
    for (int value : new int[] {0, 2, 3, 94, 0x1000001, 0x2ffffff, 0x80000000}) {
      inverse("{ vector: splat to=6, value=%d }\n".formatted(value) + IDLE, 6, value, value);
    }
  }

  private void inverse(String before, int from, int... lanes) {
    for (boolean root : new boolean[] {false, true}) {
      for (int part = 0; part < 2; part++) {
        ByteBuffer result = vector();
        for (int i = 0; i < 2; i++) {
          result.putInt(4 * i, inverse(Integer.toUnsignedLong(lanes[i]), root, part));
        }
        vector(
            "%s{ special: %s to=7, from=%d, part=%d }"
                .formatted(before, root ? "root" : "reciprocal", from, part),
            result.array());
      }
    }
  }

  /** The pieces by division: so many of them from each power of two, or four, to the next. */
  private static int inverse(long lane, boolean root, int part) {
    long x = Math.max(1, lane);
    int power = (int) (Math.log(x + 0.5) / Math.log(2));
    if (part == 1) {
      return root ? power / 2 : power;
    }
    int odd = root ? power % 2 : 0;
    int pieces = root ? 128 : 256;
    long place = ((x << 32 >>> power) - (1L << 32)) * pieces >> 16;
    int piece = (int) (place >> 16);
    long entry = entry(root, odd, piece, pieces);
    long difference = entry(root, odd, piece + 1, pieces) - entry;
    return (int) (entry + Math.floorDiv(difference * (place & 0xffff) + 0x8000, 0x10000));
  }

  private static long entry(boolean root, int odd, int piece, int pieces) {
    double mantissa = 1 + piece / (double) pieces;
    return Math.round(0x1p17 / (root ? Math.sqrt(mantissa * (1 + odd)) : mantissa));
  }

  private void lanes(String operation, int a, int b, Lane lane) {
    ByteBuffer result = vector();
    for (int i = 0; i < 2; i++) {
      result.putInt(4 * i, lane.of(lane(a, i), lane(b, i)));
    }
    vector("{ vector: " + operation + " }", result.array());
  }

  private void vector(String text, byte[] expected) {
    operations.add(new Operation(text, expected));
  }

  private byte[] widened(int register, int quarter) {
    ByteBuffer result = vector();
    for (int i = 0; i < 2; i++) {
      result.putInt(4 * i, code(register, 2 * quarter + i));
    }
    return result.array();
  }

  private static ByteBuffer vector() {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int lane(int register, int lane) {
    return data.getInt(8 * register + 4 * lane);
  }

  private byte code(int register, int code) {
    return data.get(8 * register + code);
  }
}
