// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a call, it ends in a message or in results of the type of the rule. */
class DamagedCallsTest {
  private static final int ROUNDS = 20;

  @Test
  void endInAMessageOrAResult() {
    int refused = 0;
    int calls = 0;
    List<OperatorCase> cases = OperatorsTest.cases();
    for (int seed = 0; seed < ROUNDS * cases.size(); seed++) {
      OperatorCase whole = cases.get(seed % cases.size());
      OperatorCase damaged = damaged(whole, new Random(seed));
      calls++;
      try {
        List<Constant> results = damaged.evaluated();
        List<ValueType> types = Operators.find(damaged.op()).types(damaged.call());
        for (int i = 0; i < damaged.outputs(); i++) {
          assertThat(results.get(i).type())
              .as("seed %d: %s", seed, damaged)
              .isEqualTo(types.get(i));
        }
      } catch (UserError e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + damaged, e);
      }
    }
    assertThat(refused).isBetween(calls / 4, calls * 3 / 4);
  }

  private static OperatorCase damaged(OperatorCase whole, Random random) {
    List<Constant> inputs = new ArrayList<>(whole.inputs());
    SortedMap<String, Attribute> attributes = new TreeMap<>(whole.op().attributes());
    int opset = whole.opset();
    int kind = random.nextInt(6);
    if (kind == 0 && !inputs.isEmpty()) {
      inputs.remove(random.nextInt(inputs.size()));
    } else if (kind == 1 && !attributes.isEmpty()) {
      String name = new ArrayList<>(attributes.keySet()).get(random.nextInt(attributes.size()));
      attributes.put(name, changed(attributes.get(name), random));
    } else if (kind == 2) {
      opset = random.nextInt(6, 24);
    } else if (!inputs.isEmpty()) {
      int at = random.nextInt(inputs.size());
      inputs.set(at, changed(inputs.get(at), random));
    }
    Op.Foreign op = new Op.Foreign(whole.op().type(), whole.op().domain(), attributes);
    return new OperatorCase(op, opset, inputs, random.nextInt(8) == 0 ? 2 : whole.outputs());
  }

  private static Attribute changed(Attribute attribute, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new Attribute.Text("odd");
      case 1 -> new Attribute.Real(-1);
      case 2 -> new Attribute.Int(random.nextBoolean() ? Long.MAX_VALUE : Integer.MIN_VALUE);
      case 3 -> new Attribute.Ints(List.of((long) random.nextInt(-3, 9)));
      default ->
          switch (attribute) {
            case Attribute.Int _ -> new Attribute.Int(random.nextInt(-4, 12));
            case Attribute.Ints l ->
                new Attribute.Ints(
                    l.values().stream().map(v -> v + random.nextInt(-2, 3)).toList());
            case Attribute _ -> attribute;
          };
    };
  }

  private static Constant changed(Constant input, Random random) {
    if (input instanceof Constant.Integers integers && random.nextBoolean()) {
      long[] values = integers.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = View.wrap(integers.element(), values[i] + random.nextInt(-2, 3));
      }
      return new Constant.Integers(integers.element(), integers.shape(), values);
    }
    CaseList drawn = new CaseList(random.nextLong());
    int[] dims = new int[random.nextInt(5)];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = random.nextInt(4);
    }
    return random.nextInt(3) > 0
        ? drawn.floats(dims)
        : drawn.integers(ElementType.values()[random.nextInt(1, 6)], 0, 1, dims);
  }
}
