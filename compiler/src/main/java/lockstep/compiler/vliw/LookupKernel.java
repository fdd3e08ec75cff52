// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.isa.vliw.SlotKind;

/**
 * Code by code through a table of 256, which is filled before each tile.
 *
 * @param table entries from code -128 on
 */
record LookupKernel(TileForm form, Placement input, byte[] table) implements VectorKernel {
  @Override
  public String description() {
    return "table";
  }

  @Override
  public List<Operand.Pixels> inputs() {
    return List.of(Operand.Pixels.same(input, Halo.SAME, 0));
  }

  @Override
  public byte[] constants() {
    return table.clone();
  }

  @Override
  public Map<Register, Integer> fixed() {
    return Map.of();
  }

  /** Vectors of the table go through register 0, whose values the loop does not need. */
  @Override
  public Code prepare(Region constants) {
    return fill(form, constants.base(), 0, table.length);
  }

  /** Fills a table from local memory; writes scalar register 0 and vector register 0. */
  static Code fill(TileForm form, long address, long table, int entries) {
    var machine = form.machine();
    List<Operation> base = new ArrayList<>();
    base.add(Operation.number(0, address));
    Code code = Code.side(machine, SlotKind.SCALAR, base);
    for (int part = 0; part < entries / form.vector(); part++) {
      Operation load =
          new Operation(
              SlotKind.LOAD,
              "load",
              Map.of("to", 0L, "base", 0L, "step", (long) part * form.pieces()),
              List.of());
      Operation fill =
          new Operation(
              SlotKind.SPECIAL,
              "fill",
              Map.of("from", 0L, "table", table, "part", (long) part),
              List.of());
      code =
          code.then(Code.side(machine, SlotKind.LOAD, List.of(load)))
              .then(Code.side(machine, SlotKind.SPECIAL, List.of(fill)));
    }
    return code;
  }

  static Register lookup(Body body, Register from, long table) {
    Register to = body.vector(1);
    body.add(
        new Operation(
            SlotKind.SPECIAL,
            "lookup",
            Map.of("table", table),
            List.of(Access.of("from", from, Use.READ), Access.of("to", to, Use.WRITE))));
    return to;
  }

  @Override
  public Register codes(Body body, int vector, Sources sources) {
    return lookup(body, sources.load(body, 0, 0, 0, vector), 0);
  }
}
