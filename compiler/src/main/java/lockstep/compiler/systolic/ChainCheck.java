// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;

/**
 * Whether the stripes of a chain do what its layers do; line by line, by another way than the one
 * that cuts them.
 *
 * <pre>
 * of what the chain writes for others each line is computed once, from the first to the last
 * of what lies within a stripe a layer reads only what a layer before has computed there
 * each tap of each window sees the line that it sees in the whole image, or padding if that does
 * </pre>
 */
final class ChainCheck {
  private final Chain chain;
  private final MemoryPlan plan;
  private final int[] done;
  private final Map<String, BitSet> computed = new HashMap<>();

  private ChainCheck(Chain chain) {
    this.chain = chain;
    plan = chain.shape().plan();
    done = new int[chain.parts().size()];
  }

  /** The first rule that is broken, if any. */
  static Optional<String> firstFault(Chain chain) {
    return new ChainCheck(chain).firstFault();
  }

  private Optional<String> firstFault() {
    for (int stripe = 0; stripe < chain.stripes(); stripe++) {
      computed.clear();
      for (int layer = 0; layer < done.length; layer++) {
        Contraction whole = chain.shape().layers().get(layer);
        Contraction part = chain.parts().get(layer).get(stripe);
        int number = layer;
        Optional<String> fault =
            read(part).or(() -> windows(whole, part)).or(() -> write(number, part));
        if (fault.isPresent()) {
          return Optional.of("layer %s, stripe %d: %s".formatted(part.name(), stripe, fault.get()));
        }
      }
    }
    for (int layer = 0; layer < done.length; layer++) {
      for (Tensor out : ChainShape.writes(chain.shape().layers().get(layer))) {
        if (!chain.shape().isInner(out) && done[layer] != out.h()) {
          return Optional.of(
              "%s ends at line %d of %d".formatted(out.name(), done[layer], out.h()));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> read(Contraction part) {
    for (Tensor t : ChainShape.read(part)) {
      LineView v = chain.views().get(t.name());
      Tensor stripe = v == null ? null : v.stripe();
      if (v != null && stripe != null) {
        BitSet missing = channels(v);
        missing.andNot(computed.getOrDefault(stripe.name(), new BitSet()));
        if (v.line() < 0 || v.line() + t.h() > stripe.h() || !missing.isEmpty()) {
          return Optional.of("reads lines of " + t.name() + " that are not there");
        }
      }
    }
    return Optional.empty();
  }

  /** The channels of the allocation, image after image, that a tensor has. */
  private BitSet channels(LineView v) {
    int first = plan.channels().getOrDefault(v.of(), 0);
    int step = plan.imageChannels().getOrDefault(v.of(), 0);
    BitSet channels = new BitSet();
    for (int image = 0; image < v.tensor().n(); image++) {
      channels.set(first + image * step, first + image * step + v.tensor().c());
    }
    return channels;
  }

  private Optional<String> write(int layer, Contraction part) {
    int from = done[layer];
    for (Tensor t : ChainShape.writes(part)) {
      LineView v = chain.views().get(t.name());
      Tensor stripe = v == null ? null : v.stripe();
      if (v != null && stripe != null) {
        computed.computeIfAbsent(stripe.name(), name -> new BitSet()).or(channels(v));
        if (v.line() != 0 || t.h() != stripe.h()) {
          return Optional.of("leaves lines of " + stripe.name() + " out");
        }
      } else {
        if (from(t) != from) {
          return Optional.of("computes from line %d on, not %d".formatted(from(t), from));
        }
        done[layer] = from + t.h();
      }
    }
    return Optional.empty();
  }

  /** The line of the whole image at which a tensor of a part begins. */
  private int from(Tensor t) {
    LineView v = chain.views().get(t.name());
    return v == null ? 0 : v.from();
  }

  private Optional<String> windows(Contraction whole, Contraction part) {
    Tensor source = part.sources().getFirst();
    Window pool = whole.pool();
    Window partPool = part.pool();
    Window k = whole.window();
    Window partK = part.window();
    int first = from(part.results().getFirst().tensor());
    for (int line = 0; line < part.output().h(); line++) {
      for (int py = 0; py < pool.kernelH(); py++) {
        int result = (first + line) * pool.strideH() - pool.padTop() + py;
        int there = line * partPool.strideH() - partPool.padTop() + py;
        boolean counts = result >= 0 && result < whole.convH();
        if (counts != (there >= 0 && there < part.convH())) {
          return Optional.of("pools other results for line " + (first + line));
        }
        for (int ky = 0; counts && ky < k.kernelH(); ky++) {
          int y = result * k.strideH() - k.padTop() + ky * k.dilationH();
          int at = there * partK.strideH() - partK.padTop() + ky * partK.dilationH();
          boolean real = y >= 0 && y < whole.inH();
          if (real != (at >= 0 && at < source.h()) || real && at + from(source) != y) {
            return Optional.of("sees other lines for line " + (first + line));
          }
        }
      }
    }
    Tensor residual = part.out().residual();
    boolean sameLines =
        residual == null || from(residual) == first && residual.h() == part.output().h();
    return sameLines ? Optional.empty() : Optional.of("adds other lines");
  }
}
