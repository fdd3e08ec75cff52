// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.List;

/** An attribute of an operator that stays in its ONNX form. */
public sealed interface Attribute {
  record Int(long value) implements Attribute {}

  record Real(float value) implements Attribute {}

  record Text(String value) implements Attribute {}

  record Ints(List<Long> values) implements Attribute {}

  record Reals(List<Float> values) implements Attribute {}

  record Texts(List<String> values) implements Attribute {}

  record Tensor(Constant value) implements Attribute {}
}
