// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Graph;

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
    Graph result = graph;
    for (Pass pass : passes()) {
      result = pass.apply(result);
    }
    return result;
  }
}
