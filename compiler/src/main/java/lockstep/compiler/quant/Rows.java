// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import lockstep.compiler.graph.ImageView;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Axis;
import lockstep.compiler.network.Tensor;

/**
 * A value whose rows lie along channels or columns of a tensor.
 *
 * @param at where the value is
 * @param base the rows in its tensor
 */
record Rows(Placed at, BaseAxes base) {

  /**
   * The rows where the value lies, if they are along one axis there; else it is brought where they
   * are columns.
   *
   * @param from each element of its tensor once
   * @param rows per dimension of the value
   */
  static Rows of(
      Placed from,
      Shape shape,
      boolean[] rows,
      Placements placements,
      List<String> source,
      String name) {
    BaseAxes base = BaseAxes.of(from, shape, rows);
    if (base != null && base.axes().size() == 1) {
      Axis axis = base.axes().getFirst();
      if (axis == Axis.C || axis == Axis.W) {
        return new Rows(from, base);
      }
      if (axis == Axis.H) {
        Tensor x = from.tensor();
        ImageView view = new ImageView(x.n() * x.c(), x.h(), 1, x.w());
        Shape flat = Shape.of(x.n(), x.c(), x.h(), x.w());
        Tensor regrouped = placements.brought(Placed.whole(x), flat, view, source, name, 0);
        Placed at = new Placed(regrouped, from.order());
        return new Rows(at, Objects.requireNonNull(BaseAxes.of(at, shape, rows)));
      }
    }
    List<Integer> permutation = new ArrayList<>();
    int columns = 1;
    for (boolean row : new boolean[] {false, true}) {
      for (int d = 0; d < shape.rank(); d++) {
        if (rows[d] == row) {
          permutation.add(d);
          columns *= row ? shape.dim(d) : 1;
        }
      }
    }
    int[] index = Arrangement.transposed(shape, permutation);
    ImageView view = new ImageView(index.length / columns, 1, 1, columns);
    Tensor turned =
        placements.brought(from.then(index), shape.permuted(permutation), view, source, name, 0);
    int[] order = new int[index.length];
    for (int i = 0; i < index.length; i++) {
      order[index[i]] = i;
    }
    Placed at = Placed.of(turned, order);
    int[] groups = new int[index.length];
    int[] places = new int[index.length];
    for (int i = 0; i < index.length; i++) {
      groups[i] = i / columns;
      places[i] = i % columns;
    }
    return new Rows(at, new BaseAxes(List.of(Axis.W), groups, places));
  }

  /** Along channels or columns. */
  Axis axis() {
    return base.axes().getFirst();
  }

  /** Numbers by place in the row, in the order in which the row lies. */
  float[] along(float[] byPlace) {
    float[] along = new float[byPlace.length];
    for (int i = 0; i < along.length; i++) {
      along[i] = byPlace[base.places()[i * axis().stride(at.tensor())]];
    }
    return along;
  }
}
