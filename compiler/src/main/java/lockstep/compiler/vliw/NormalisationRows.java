// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.compiler.interpreter.nonlinear.IntegerLayerNorm;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.vliw.RowForm.Codes;
import lockstep.compiler.vliw.RowForm.Quarter;

/**
 * {@link IntegerLayerNorm} of rows.
 *
 * <pre>
 * extremes    max q, max (-1 - q), sum q
 * squares     sum of h, and of u modulo 2^32: l is u - 2^k h, so B is that of the sums
 * codes       n, with the parameters of each element
 * </pre>
 */
final class NormalisationRows implements RowKernel {
  private static final int LEAST_CODES = 0x80808080;
  private static final int CENTRE = 14;
  private static final int ROOT_POINT = 17;
  private static final int MOST_SHIFT = 63;
  private static final int INVERSE_SHIFT = 8;
  private static final int CODE_POINT = 8;

  private final RowForm form;
  private final IntegerLayerNorm integer;
  private final boolean centred;
  private final boolean signed;
  private final int times;
  private final int zeroIn;
  private final Tensor output;

  NormalisationRows(RowForm form, LaneLayer.Normalisation layer) {
    this.form = form;
    integer =
        new IntegerLayerNorm(
            layer.input().encoding(),
            layer.centred(),
            layer.gamma(),
            layer.beta(),
            layer.epsilon(),
            layer.output().encoding());
    centred = layer.centred();
    signed = Arrays.stream(integer.signs()).anyMatch(s -> s < 0);
    times = centred ? layer.gamma().length : 1;
    zeroIn = layer.input().zeroPoint();
    output = layer.output();
  }

  @Override
  public List<byte[]> tables() {
    return List.of();
  }

  @Override
  public List<int[]> parameters() {
    List<int[]> all = new ArrayList<>(List.of(integer.gammas(), integer.shifts(), integer.betas()));
    if (signed) {
      all.add(integer.signs());
    }
    return all;
  }

  @Override
  public List<String> passes() {
    return List.of("extremes and sums of rows", "squares", "normalised codes");
  }

  @Override
  public Rows rows(int count) {
    return new Registers(count);
  }

  private final class Registers implements Rows {
    private final int count;
    private final RowRegisters registers = new RowRegisters(form.form());

    /** By row and slot: the greatest codes in the first, then the sum of h. */
    private final Register[][] high;

    /** By row and slot: the greatest of the codes' complements in the first, then the sum of u. */
    private final Register[][] all;

    /** By row and slot: the sum, then Z. */
    private final Register[][] zeros;

    /** By row and slot: what is scaled with. */
    private final Register[][] scales;

    /** -1, then F. */
    private final Register ones;

    /** A multiplier of 1, and the shift of the pass. */
    private final Register shift;

    Registers(int count) {
      this.count = count;
      high = new Register[count][];
      all = new Register[count][];
      zeros = new Register[count][];
      scales = new Register[count][];
      for (int row = 0; row < count; row++) {
        high[row] = registers.take(form.slots(), 1);
        all[row] = registers.take(form.slots(), 1);
        zeros[row] = registers.take(form.slots(), 1);
        scales[row] = registers.take(form.slots(), 2);
      }
      ones = registers.take(1);
      shift = registers.take(2);
    }

    @Override
    public Map<Register, Integer> fixed() {
      return registers.fit() ? registers.numbers() : Map.of();
    }

    @Override
    public List<Operation> known() {
      return List.of(registers.splat(shift, 0, 1));
    }

    @Override
    public List<Operation> start() {
      List<Operation> operations = new ArrayList<>(List.of(registers.splat(ones, 0, -1)));
      for (int row = 0; row < count; row++) {
        operations.add(registers.splat(high[row][0], 0, LEAST_CODES));
        operations.add(registers.splat(all[row][0], 0, LEAST_CODES));
        for (Register zero : zeros[row]) {
          operations.add(registers.splat(zero, 0, centred ? 0 : zeroIn));
        }
      }
      return operations;
    }

    @Override
    public void first(RowBody body, int row, Codes codes) {
      Register x = codes.register();
      body.into(high[row][0], "greater", high[row][0], x);
      body.into(all[row][0], "greater", all[row][0], body.lanes("sub", ones, x));
      for (int slot = 0; centred && slot < form.slots(); slot++) {
        body.accumulate(
            List.of(zeros[row][slot]),
            codes,
            slot,
            q -> List.of(body.masked(body.widen(x, q.number()), q)));
      }
    }

    @Override
    public void afterFirst(RowBody body) {
      for (int row = 0; row < count; row++) {
        Register most = body.greatest(high[row][0]);
        Register complement = body.greatest(all[row][0]);
        for (int slot = 0; slot < form.slots(); slot++) {
          body.turn();
          Register z = zeros[row][slot];
          if (centred) {
            z = body.sum(z);
            body.into(zeros[row][slot], "add", z, body.number(0));
          }
          Register above = body.lanes("sub", times(body, body.widen(most, slot)), z);
          Register least = body.lanes("add", body.widen(complement, slot), body.number(1));
          Register below = body.lanes("add", times(body, least), z);
          Register position = body.inverse("reciprocal", body.lanes("max", above, below), 1);
          body.setHalf(scales[row][slot], 0, 1 << CENTRE);
          body.half(scales[row][slot], 1, "max", position, body.number(integer.least()));
        }
        for (int slot = 0; slot < form.slots(); slot++) {
          body.set(high[row][slot], 0);
          body.set(all[row][slot], 0);
        }
      }
      body.set(ones, times);
      body.setHalf(shift, 1, integer.squareShift());
    }

    private Register times(RowBody body, Register x) {
      return times == 1 ? x : body.lanes("mul", x, body.number(times));
    }

    /** d. */
    private Register difference(RowBody body, int row, Codes codes, Quarter q) {
      Register x = body.widen(codes.register(), q.number());
      x = times == 1 ? x : body.lanes("mul", x, ones);
      return body.lanes("sub", x, zeros[row][q.slot()]);
    }

    @Override
    public void second(RowBody body, int row, Codes codes) {
      for (int slot = 0; slot < form.slots(); slot++) {
        Register scale = scales[row][slot];
        body.accumulate(
            List.of(all[row][slot], high[row][slot]),
            codes,
            slot,
            q -> {
              Register c = body.scale(difference(body, row, codes, q), scale);
              c = body.masked(c, q);
              Register square = body.lanes("mul", c, c);
              return List.of(square, body.scale(square, shift));
            });
      }
    }

    @Override
    public void afterSecond(RowBody body) {
      int k = integer.squareShift();
      for (int row = 0; row < count; row++) {
        for (int slot = 0; slot < form.slots(); slot++) {
          body.turn();
          Register scale = scales[row][slot];
          Register a = body.sum(high[row][slot]);
          Register u = body.sum(all[row][slot]);
          Register b = body.lanes("sub", u, body.lanes("mul", a, body.number(1 << k)));
          Register v = body.lanes("add", a, body.scale(b, body.pair(1, k)));
          Register twice = body.half(scale, 1, "mul", body.number(2));
          twice = body.lanes("add", twice, body.number(integer.epsilonShift()));
          Register least = body.body().vector(2);
          body.setHalf(least, 0, 1);
          body.half(least, 1, "min", twice, body.number(MOST_SHIFT));
          Register w = body.lanes("add", v, body.scale(body.number(integer.epsilon()), least));
          Register mantissa = body.inverse("root", w, 0);
          Register position = body.half(scale, 1, "add", body.inverse("root", w, 1));
          body.scaleHalf(scale, 0, mantissa, body.pair(integer.factor(), ROOT_POINT));
          body.half(scale, 1, "sub", position, body.number(INVERSE_SHIFT));
        }
      }
      body.setHalf(shift, 1, CODE_POINT);
    }

    @Override
    public void third(RowBody body, int row, Codes codes, Register to) {
      for (Quarter q : codes.quarters()) {
        body.turn();
        Register x = body.scale(difference(body, row, codes, q), scales[row][q.slot()]);
        x = body.scale(x, body.parameters(q, 0, 2));
        if (signed) {
          x = body.lanes("mul", x, body.parameters(q, 3, 1));
        }
        x = body.lanes("add", x, body.parameters(q, 2, 1));
        x = body.scale(x, shift);
        body.body()
            .narrow(
                to, q.place(), x, output.zeroPoint(), output.least(), output.encoding().greatest());
      }
    }
  }
}
