// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.MappingRule.Innermost;
import lockstep.arch.vliw.MappingRule.Size;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Draws mapping rules for testing machines: for every other layer of a network a rule of its own
 * with some of the choices. A machine may be too small for what is drawn. The same generator state
 * gives the same rules.
 */
public final class RandomMapping {
  private static final int MOST_OPERANDS = 2;
  private static final int CHOICE_OF = 3;

  private final RandomGenerator random;

  private RandomMapping(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Rules for a network.
   *
   * @throws lockstep.arch.UserError if the compiler has no form for the machine
   */
  public static List<MappingRule> draw(
      RandomGenerator random, Network network, VliwArchitecture machine) {
    TileForm form = TileForm.of(machine);
    RandomMapping drawn = new RandomMapping(random);
    List<MappingRule> rules = new ArrayList<>();
    for (Layer layer : network.layers()) {
      if (random.nextBoolean()) {
        rules.add(drawn.rule(layer, form));
      }
    }
    return rules;
  }

  private MappingRule rule(Layer layer, TileForm form) {
    Tensor y = layer.output();
    Innermost[] rounds = Innermost.values();
    boolean contraction =
        layer instanceof Layer.Convolution || layer instanceof Layer.MatrixProduct;
    return new MappingRule(
        layer.name(),
        chosen() ? 1 + random.nextInt(MOST_OPERANDS) : null,
        chosen() ? 1 + random.nextInt(MOST_OPERANDS) : null,
        chosen() ? rounds[random.nextInt(rounds.length)] : null,
        contraction && chosen() ? size(y) : null,
        chosen() ? 1 + random.nextInt(form.blocks(y.c())) : null,
        chosen() ? random.nextBoolean() : null,
        chosen() ? 1 + random.nextInt(2) : null);
  }

  private @Nullable Size size(Tensor y) {
    return new Size(1 + random.nextInt(y.h()), 1 + random.nextInt(y.w()));
  }

  private boolean chosen() {
    return random.nextInt(CHOICE_OF) == 0;
  }
}
