// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import lockstep.compiler.graph.Op;
import org.jspecify.annotations.Nullable;

/**
 * The operators that the compiler knows, by ONNX name; those of a domain other than the default one
 * are called {@code domain.Name}. Each family's file holds its own part.
 */
public final class Operators {
  private static final SortedMap<String, Operator> TABLE = new TreeMap<>();

  static {
    List<Map<String, Operator>> families =
        List.of(
            UnaryFunctions.TABLE,
            Activations.TABLE,
            Clip.TABLE,
            Arithmetic.TABLE,
            Comparison.TABLE,
            Predicate.TABLE,
            Cast.TABLE,
            Reduction.TABLE,
            Softmax.TABLE,
            Extremum.TABLE,
            TopK.TABLE,
            CumSum.TABLE,
            ChannelNormalisation.TABLE,
            LayerNormalisation.TABLE,
            OtherNormalisations.TABLE,
            Reshaping.TABLE,
            Dropout.TABLE,
            Movement.TABLE,
            Slice.TABLE,
            Split.TABLE,
            Concat.TABLE,
            Pad.TABLE,
            Gather.TABLE,
            Scatter.TABLE,
            Selection.TABLE,
            ShapeOf.TABLE,
            Generators.TABLE,
            Masks.TABLE,
            Pooling.TABLE,
            Convolution.TABLE,
            TransposedConvolution.TABLE,
            MatrixProduct.TABLE,
            Gemm.TABLE,
            Einsum.TABLE,
            Resize.TABLE,
            RotaryEmbedding.TABLE,
            Attention.TABLE,
            Quantisers.TABLE,
            IntegerProducts.TABLE,
            QuantisedGemm.TABLE,
            Recoded.TABLE,
            Recurrence.TABLE,
            Fusions.TABLE);
    families.forEach(TABLE::putAll);
  }

  private Operators() {}

  /** Every operator by name. */
  public static SortedMap<String, Operator> table() {
    return new TreeMap<>(TABLE);
  }

  public static @Nullable Operator find(String domain, String type) {
    return TABLE.get(domain.isEmpty() ? type : domain + "." + type);
  }

  /** Whether each element of the result comes from one element of each input, with broadcasting. */
  public static boolean elementwise(Op.Foreign op) {
    String name = op.domain().isEmpty() ? op.type() : op.domain() + "." + op.type();
    return Stream.of(
                UnaryFunctions.TABLE,
                Activations.TABLE,
                Clip.TABLE,
                Arithmetic.TABLE,
                Comparison.TABLE,
                Predicate.TABLE,
                Cast.TABLE)
            .anyMatch(family -> family.containsKey(name))
        || name.equals("Where")
        || name.equals("com.microsoft.FastGelu")
        || name.equals("com.microsoft.BiasGelu");
  }

  /** An operator of the default domain that is known to be there. */
  static Operator require(String type) {
    Operator operator = TABLE.get(type);
    if (operator == null) {
      throw new IllegalStateException("no operator " + type);
    }
    return operator;
  }

  public static @Nullable Operator find(Op.Foreign op) {
    return find(op.domain(), op.type());
  }
}
