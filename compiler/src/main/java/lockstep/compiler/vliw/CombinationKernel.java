// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.network.LaneLayer.Elementwise;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.vliw.SlotKind;

/** Two tensors element by element, as {@link Elementwise} has it. */
final class CombinationKernel implements VectorKernel {
  private static final int QUARTERS = 4;
  private static final int FIRST_ID = 600;

  private final TileForm form;
  private final Elementwise layer;
  private final Placement left;
  private final Placement right;
  private final Constants known;
  private final Side l;
  private final Side r;
  private final Register scale;
  private final boolean scales;

  /** What is done to the codes of one operand. */
  private record Side(Register zero, boolean shifts, Register multiplier, boolean multiplies) {}

  CombinationKernel(TileForm form, Elementwise layer, Placement left, Placement right) {
    this.form = form;
    this.layer = layer;
    this.left = left;
    this.right = right;
    known = new Constants(form.machine().registers().vector().count());
    l = side(layer.left(), layer.leftMultiplier());
    r = side(layer.right(), layer.rightMultiplier());
    scales = !(layer.multiplier() == 1 && layer.shift() == 0);
    scale = known.pair(layer.multiplier(), layer.shift());
  }

  private Side side(Tensor t, int multiplier) {
    return new Side(
        known.of(t.zeroPoint()), t.zeroPoint() != 0, known.of(multiplier), multiplier != 1);
  }

  /** Registers from the end of the file on that hold one number in all lanes. */
  private static final class Constants {
    private final Map<Register, Integer> numbers = new LinkedHashMap<>();
    private final Map<Integer, Integer> values = new LinkedHashMap<>();
    private int free;

    Constants(int end) {
      free = end;
    }

    Register of(int value) {
      for (var each : numbers.entrySet()) {
        if (each.getKey().size() == 1 && values.getOrDefault(each.getValue(), ~value) == value) {
          return each.getKey();
        }
      }
      return take(1, value);
    }

    Register pair(int first, int second) {
      Register register = take(2, first);
      values.put(free + 1, second);
      return register;
    }

    private Register take(int size, int value) {
      free -= size;
      Register register = new Register(File.VECTOR, FIRST_ID + free, size);
      numbers.put(register, free);
      values.put(free, value);
      return register;
    }
  }

  @Override
  public String description() {
    return layer.kind().name().toLowerCase(java.util.Locale.ROOT) + " of two tensors";
  }

  @Override
  public List<Operand.Pixels> inputs() {
    return List.of(
        VectorKernel.spread(left, layer.left().zeroPoint()),
        VectorKernel.spread(right, layer.right().zeroPoint()));
  }

  /** Places of the first channel of each pixel, for an operand that has only one. */
  @Override
  public byte[] constants() {
    byte[] order = new byte[single(left) || single(right) ? form.vector() : 0];
    for (int i = 0; i < order.length; i++) {
      order[i] = (byte) (i / form.block() * form.block());
    }
    return order;
  }

  private boolean single(Placement p) {
    return p.tensor().c() == 1 && layer.output().c() > 1;
  }

  private Register order() {
    return new Register(File.VECTOR, FIRST_ID + known.free - 1, 1);
  }

  @Override
  public Map<Register, Integer> fixed() {
    Map<Register, Integer> fixed = new LinkedHashMap<>(known.numbers);
    if (single(left) || single(right)) {
      fixed.put(order(), known.free - 1);
    }
    return fixed;
  }

  @Override
  public Code prepare(Region constants) {
    var machine = form.machine();
    List<Operation> splats =
        known.values.entrySet().stream().map(e -> WayOut.splat(e.getKey(), e.getValue())).toList();
    Code code = Code.side(machine, SlotKind.VECTOR, splats);
    if (single(left) || single(right)) {
      Operation base = Operation.number(0, constants.base());
      Operation load =
          new Operation(
              SlotKind.LOAD, "load", Map.of("to", known.free - 1L, "base", 0L), List.of());
      code =
          code.then(Code.side(machine, SlotKind.SCALAR, List.of(base)))
              .then(Code.side(machine, SlotKind.LOAD, List.of(load)));
    }
    return code;
  }

  @Override
  public Register codes(Body body, int vector, Sources sources) {
    Register a = operand(body, 0, left, vector, sources);
    Register b = operand(body, 1, right, vector, sources);
    Register to = body.vector(1);
    for (int q = 0; q < QUARTERS; q++) {
      Register x =
          body.lanes(
              switch (layer.kind()) {
                case ADD -> "add";
                case MULTIPLY -> "mul";
                case MAXIMUM -> "max";
                case MINIMUM -> "min";
              },
              lanes(body, a, q, l),
              lanes(body, b, q, r));
      if (scales) {
        x = body.scale(x, scale, 0);
      }
      body.narrow(to, q, x, layer.output().zeroPoint(), layer.min(), layer.max());
    }
    return to;
  }

  private Register operand(Body body, int input, Placement p, int vector, Sources sources) {
    if (!single(p)) {
      return sources.load(body, input, 0, 0, vector);
    }
    Register pixels = sources.load(body, input, 0, 0, 0);
    return body.shuffle(pixels, order());
  }

  private static Register lanes(Body body, Register codes, int quarter, Side side) {
    Register x = body.widen(codes, 0, quarter);
    if (side.shifts()) {
      x = body.lanes("sub", x, side.zero());
    }
    return side.multiplies() ? body.lanes("mul", x, side.multiplier()) : x;
  }
}
