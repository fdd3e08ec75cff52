// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.GraphCheck;
import org.jspecify.annotations.Nullable;

/**
 * The order of the passes. First constants and encodings are settled, then linear algebra becomes
 * convolution, then what follows a convolution is fused into it, then what is left over becomes a
 * convolution of its own.
 */
public final class Pipeline {
  private Pipeline() {}

  public static List<Pass> passes() {
    return List.of(
        new FoldConstants(),
        new AbsorbQuantisation(),
        new RemoveCopies(),
        new SplitAdd(),
        new NormalisationToAffine(),
        new GemmToLinear(),
        new MatMulToLinear(),
        new ConstantOperandToAffine(),
        new LinearToConv(),
        new MatMulToProduct(),
        new SimplifyMoves(),
        new FoldPad(),
        new AveragePoolToConv(),
        new FoldAffine(),
        new AffineToConv(),
        new FuseActivation(),
        new FusePool(),
        new FuseResidual(),
        new AddToConv(),
        new PadToConv(),
        new MaxPoolToConv(),
        new FuseActivation(),
        new ActivationToConv(),
        new SimplifyMoves());
  }

  public static Graph run(Graph graph) {
    return runThrough(graph, null);
  }

  /** Runs the passes up to the last one of that name, or all for null. */
  public static Graph runThrough(Graph graph, @Nullable String last) {
    List<Pass> passes = passes();
    int end = passes.size();
    if (last != null) {
      end = 1 + passes.stream().map(Pass::name).toList().lastIndexOf(last);
    }
    Graph result = GraphCheck.require(graph, "reading");
    for (Pass pass : passes.subList(0, end)) {
      result = GraphCheck.require(pass.apply(result), pass.name());
    }
    return result;
  }
}
