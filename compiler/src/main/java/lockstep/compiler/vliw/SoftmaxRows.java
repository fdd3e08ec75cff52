// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.compiler.interpreter.nonlinear.ExponentialTables;
import lockstep.compiler.interpreter.nonlinear.IntegerLogSoftmax;
import lockstep.compiler.interpreter.nonlinear.IntegerSoftmax;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.vliw.RowForm.Codes;
import lockstep.compiler.vliw.RowForm.Quarter;
import lockstep.isa.FixedPoint;

/**
 * {@link IntegerSoftmax} and {@link IntegerLogSoftmax} of rows.
 *
 * <pre>
 * greatest    m
 * sums        of t2, t1, t0
 * codes       e, scaled; or K q - (K m + U), scaled
 * </pre>
 *
 * <p>Codes with their sign bit turned over are numbers without a sign, of which m is the greatest:
 * so {@code m - q} of four codes is one subtraction of lanes, which borrows nothing from code to
 * code. A table turns the bits, and those of the exponentials are by the byte {@code m - q}.
 */
final class SoftmaxRows implements RowKernel {
  /** Tables that it takes. */
  static final int TABLES = 4;

  private static final int SIGNS = 3;
  private static final int LEAST_CODES = 0x80808080;
  private static final int HIGH = 1 << 8;
  private static final int TOP = 1 << 16;
  private static final int RECIPROCAL_POINT = 17;
  private static final int SUM_SHIFT = 8;
  private static final int LOGARITHM_POINT = 24;
  private static final int SUM_POSITION = ExponentialTables.POINT - SUM_SHIFT;
  private static final int LN_2 = 11629080;
  private static final int PLACE_POINT = 16;

  private final RowForm form;
  private final boolean logarithm;
  private final Tensor output;
  private final ExponentialTables tables;
  private final FixedPoint.Scale scale;
  private final int factor;
  private final int point;

  SoftmaxRows(RowForm form, LaneLayer.Softmax layer) {
    this.form = form;
    logarithm = layer.logarithm();
    output = layer.output();
    if (logarithm) {
      var integer = new IntegerLogSoftmax(layer.input().scale(), output.encoding());
      tables = integer.tables();
      scale = integer.scale();
      factor = integer.factor();
      point = integer.point();
    } else {
      var integer = new IntegerSoftmax(layer.input().scale(), output.encoding());
      tables = integer.tables();
      scale = integer.scale();
      factor = 0;
      point = 0;
    }
  }

  @Override
  public List<byte[]> tables() {
    byte[] signs = new byte[tables.top().length];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = (byte) i;
    }
    return List.of(
        byDifference(tables.low()),
        byDifference(tables.middle()),
        byDifference(tables.top()),
        signs);
  }

  /** Entries by {@code m - q} as a byte, of entries by {@code q - m + 127} as a code. */
  private static byte[] byDifference(byte[] table) {
    byte[] turned = new byte[table.length];
    for (int i = 0; i < table.length; i++) {
      int difference = i + Byte.MIN_VALUE & table.length - 1;
      turned[i] = table[table.length - 1 - difference];
    }
    return turned;
  }

  @Override
  public List<int[]> parameters() {
    return List.of();
  }

  @Override
  public List<String> passes() {
    return List.of(
        "greatest of rows", "sums of exponentials", logarithm ? "log-softmax" : "softmax");
  }

  @Override
  public Rows rows(int count) {
    return new Registers(count);
  }

  private final class Registers implements Rows {
    private final int count;
    private final RowRegisters registers = new RowRegisters(form.form());

    /** The greatest codes, from the first pass on with the sign turned over. */
    private final Register[] greatest;

    /** By row, table and slot. */
    private final Register[][][] sums;

    /** By row and slot: what the exponentials are scaled with. */
    private final Register[][] scales;

    /** By row and slot: K m, then K m + U. */
    private final Register[][] zeros;

    private final List<Register> factors = new ArrayList<>();

    Registers(int count) {
      this.count = count;
      greatest = registers.take(count, 1);
      sums = new Register[count][][];
      scales = new Register[count][];
      zeros = new Register[count][];
      for (int row = 0; row < count; row++) {
        sums[row] = new Register[SIGNS][];
        for (int table = 0; table < SIGNS; table++) {
          sums[row][table] = registers.take(form.slots(), 1);
        }
        scales[row] = registers.take(logarithm ? 0 : form.slots(), 2);
        zeros[row] = registers.take(logarithm ? form.slots() : 0, 1);
      }
      factors.add(registers.take(logarithm ? 2 : 1));
      factors.add(registers.take(1));
    }

    @Override
    public Map<Register, Integer> fixed() {
      return registers.fit() ? registers.numbers() : Map.of();
    }

    @Override
    public List<Operation> known() {
      return logarithm
          ? List.of(
              registers.splat(factors.get(0), 0, scale.multiplier()),
              registers.splat(factors.get(0), 1, scale.shift()),
              registers.splat(factors.get(1), 0, factor))
          : List.of(
              registers.splat(factors.get(0), 0, HIGH), registers.splat(factors.get(1), 0, TOP));
    }

    @Override
    public List<Operation> start() {
      List<Operation> all = new ArrayList<>();
      for (int row = 0; row < count; row++) {
        all.add(registers.splat(greatest[row], 0, LEAST_CODES));
      }
      return all;
    }

    @Override
    public void first(RowBody body, int row, Codes codes) {
      body.into(greatest[row], "greater", greatest[row], codes.register());
    }

    @Override
    public void afterFirst(RowBody body) {
      for (int row = 0; row < count; row++) {
        Register most = body.greatest(greatest[row]);
        for (int slot = 0; slot < form.slots(); slot++) {
          for (Register[] sum : sums[row]) {
            body.set(sum[slot], 0);
          }
          if (logarithm) {
            body.into(zeros[row][slot], "mul", body.widen(most, slot), factors.get(1));
          }
        }
        body.lookup(greatest[row], most, SIGNS);
      }
    }

    private List<Register> exponentials(RowBody body, int row, Codes codes) {
      Register difference = body.lanes("sub", greatest[row], body.lookup(codes.register(), SIGNS));
      List<Register> all = new ArrayList<>();
      for (int table = 0; table < SIGNS; table++) {
        all.add(body.lookup(difference, table));
      }
      return all;
    }

    @Override
    public void second(RowBody body, int row, Codes codes) {
      List<Register> exponentials = exponentials(body, row, codes);
      for (int table = 0; table < SIGNS; table++) {
        Register from = exponentials.get(table);
        for (int slot = 0; slot < form.slots(); slot++) {
          body.accumulate(
              List.of(sums[row][table][slot]),
              codes,
              slot,
              q -> List.of(body.masked(body.widen(from, q.number()), q)));
        }
      }
    }

    @Override
    public void afterSecond(RowBody body) {
      for (int row = 0; row < count; row++) {
        for (int slot = 0; slot < form.slots(); slot++) {
          body.turn();
          Register high = body.lanes("mul", sums[row][2][slot], body.number(HIGH));
          high = body.sum(body.lanes("add", high, sums[row][1][slot]));
          Register low = body.scale(body.sum(sums[row][0][slot]), body.pair(1, SUM_SHIFT));
          Register sum = body.lanes("add", high, low);
          Register mantissa = body.inverse("reciprocal", sum, 0);
          Register position = body.inverse("reciprocal", sum, 1);
          if (logarithm) {
            Register ln = logarithm(body, mantissa, position);
            ln = body.scale(ln, body.pair(1, LOGARITHM_POINT - point));
            body.into(zeros[row][slot], "add", zeros[row][slot], ln);
          } else {
            Register pair = scales[row][slot];
            body.scaleHalf(pair, 0, mantissa, body.pair(scale.multiplier(), RECIPROCAL_POINT));
            body.half(pair, 1, "add", position, body.number(SUM_SHIFT + scale.shift()));
          }
        }
      }
    }

    /** T. */
    private static Register logarithm(RowBody body, Register mantissa, Register position) {
      Register place = body.body().vector(2);
      body.half(place, 0, "sub", body.number(1 << RECIPROCAL_POINT), mantissa);
      body.setHalf(place, 1, PLACE_POINT);
      int[] polynomial = IntegerLogSoftmax.polynomial();
      Register c = body.number(polynomial[polynomial.length - 1]);
      for (int k = polynomial.length - 2; k >= 0; k--) {
        c = body.lanes("add", body.number(polynomial[k]), body.scale(c, place));
      }
      Register powers = body.lanes("sub", position, body.number(SUM_POSITION));
      return body.lanes("add", body.lanes("mul", powers, body.number(LN_2)), c);
    }

    @Override
    public void third(RowBody body, int row, Codes codes, Register to) {
      List<Register> exponentials = logarithm ? List.of() : exponentials(body, row, codes);
      for (Quarter q : codes.quarters()) {
        body.turn();
        Register x;
        if (logarithm) {
          x = body.lanes("mul", body.widen(codes.register(), q.number()), factors.get(1));
          x = body.lanes("sub", x, zeros[row][q.slot()]);
          x = body.scale(x, factors.get(0));
        } else {
          Register low = body.widen(exponentials.get(0), q.number());
          Register middle = body.widen(exponentials.get(1), q.number());
          Register top = body.widen(exponentials.get(2), q.number());
          x = body.lanes("add", low, body.lanes("mul", middle, factors.get(0)));
          x = body.lanes("add", x, body.lanes("mul", top, factors.get(1)));
          x = body.scale(x, scales[row][q.slot()]);
        }
        body.body()
            .narrow(
                to, q.place(), x, output.zeroPoint(), output.least(), output.encoding().greatest());
      }
    }
  }
}
