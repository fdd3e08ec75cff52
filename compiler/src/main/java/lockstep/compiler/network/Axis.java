// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

/** A dimension of a {@link Tensor}: images, channels, rows, columns. */
public enum Axis {
  N,
  C,
  H,
  W;

  /** How long a tensor is along it. */
  public int length(Tensor tensor) {
    return switch (this) {
      case N -> tensor.n();
      case C -> tensor.c();
      case H -> tensor.h();
      case W -> tensor.w();
    };
  }

  /** Elements from one index along it to the next. */
  public int stride(Tensor tensor) {
    return switch (this) {
      case N -> tensor.c() * tensor.h() * tensor.w();
      case C -> tensor.h() * tensor.w();
      case H -> tensor.w();
      case W -> 1;
    };
  }
}
