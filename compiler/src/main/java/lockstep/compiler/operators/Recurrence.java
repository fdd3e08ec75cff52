// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * RNN, GRU and LSTM over sequences [time][batch][features], forward, in reverse or both. Inputs:
 * sequence, weights [directions][gates * hidden][features], recurrent weights, biases of both,
 * lengths, first state, first cell, peepholes. Results: every state, the last state, the last cell.
 *
 * <pre>
 * RNN   h = f(W x + R h)
 * GRU   z, r = f(..), c = g(W x + R (r h) or r (R h)),             h = (1 - z) c + z h
 * LSTM  i, o, f = f(..), cell = f cell + i g(W x + R h),           h = o h(cell)
 * </pre>
 */
record Recurrence(int gates) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of("RNN", new Recurrence(1), "GRU", new Recurrence(3), "LSTM", new Recurrence(4));

  private static int hidden(Call call) {
    return call.shape(2).dim(-1);
  }

  @Override
  public List<ValueType> types(Call call) {
    Shape x = call.shape(0);
    Shape w = call.shape(1);
    int hidden = hidden(call);
    int directions = call.text("direction", "forward").equals("bidirectional") ? 2 : 1;
    Call.requires(
        x.rank() == 3
            && w.equals(Shape.of(directions, gates * hidden, x.dim(2)))
            && call.shape(2).equals(Shape.of(directions, gates * hidden, hidden)),
        "a sequence " + x + " with weights " + w + " and " + call.shape(2));
    Call.requires(call.integer("layout", 0) == 0, "layout = 1");
    ValueType last = ValueType.floats(directions, x.dim(1), hidden);
    return List.of(ValueType.floats(x.dim(0), directions, x.dim(1), hidden), last, last);
  }

  @Override
  public List<Constant> evaluate(Call call) {
    List<ValueType> types = types(call);
    float[] all = new float[(int) types.get(0).shape().elements()];
    float[] last = new float[(int) types.get(1).shape().elements()];
    float[] cells = new float[last.length];
    int directions = types.get(1).shape().dim(0);
    int batch = types.get(1).shape().dim(1);
    for (int direction = 0; direction < directions; direction++) {
      boolean reverse = direction == 1 || call.text("direction", "forward").equals("reverse");
      for (int b = 0; b < batch; b++) {
        int length = call.has(4) ? (int) call.integers(4)[b] : call.shape(0).dim(0);
        Call.requires(length >= 0 && length <= call.shape(0).dim(0), "a length of " + length);
        new Line(this, call, direction, b, all, last, cells).run(length, reverse);
      }
    }
    return List.of(
        new Constant.Floats(types.get(0).shape(), all),
        new Constant.Floats(types.get(1).shape(), last),
        new Constant.Floats(types.get(2).shape(), cells));
  }

  private static DoubleUnaryOperator function(Call call, int direction, int index, int count) {
    String name = index == 0 && count > 1 ? "Sigmoid" : "Tanh";
    if (call.attributes().get("activations") instanceof Attribute.Texts texts) {
      name = texts.values().get(direction * count + index);
    }
    double clip = call.attributes().containsKey("clip") ? call.real("clip", 0) : Double.MAX_VALUE;
    DoubleUnaryOperator plain =
        switch (name) {
          case "Sigmoid" -> Activations::sigmoid;
          case "Tanh" -> Math::tanh;
          case "Relu" -> x -> Math.max(x, 0);
          case String other -> throw new IllegalArgumentException("activation " + other);
        };
    return x -> plain.applyAsDouble(Math.clamp(x, -clip, clip));
  }

  /** One sequence of the batch in one direction. */
  private record Line(
      Recurrence form, Call call, int direction, int b, float[] all, float[] last, float[] cells) {

    void run(int length, boolean reverse) {
      int hidden = hidden(call);
      int batch = call.shape(0).dim(1);
      int directions = call.shape(1).dim(0);
      int at = (direction * batch + b) * hidden;
      double[] state = first(5, at, hidden);
      double[] cell = first(6, at, hidden);
      for (int step = 0; step < length; step++) {
        int time = reverse ? length - 1 - step : step;
        state = next(time, state, cell);
        int to = ((time * directions + direction) * batch + b) * hidden;
        for (int i = 0; i < hidden; i++) {
          all[to + i] = (float) state[i];
        }
      }
      for (int i = 0; i < hidden; i++) {
        last[at + i] = (float) state[i];
        cells[at + i] = (float) cell[i];
      }
    }

    private double[] first(int input, int at, int hidden) {
      double[] values = new double[hidden];
      for (int i = 0; i < hidden && call.has(input); i++) {
        values[i] = call.floats(input)[at + i];
      }
      return values;
    }

    /** The weights of one gate and neuron times the sequence's element, with their bias. */
    private double input(int time, int row) {
      int features = call.shape(0).dim(2);
      int from = (time * call.shape(0).dim(1) + b) * features;
      int weights = (direction * form.gates() * hidden(call) + row) * features;
      double sum = bias(row);
      for (int i = 0; i < features; i++) {
        sum += (double) call.floats(0)[from + i] * call.floats(1)[weights + i];
      }
      return sum;
    }

    private double recurrent(double[] state, int row) {
      int hidden = state.length;
      int weights = (direction * form.gates() * hidden + row) * hidden;
      double sum = bias(form.gates() * hidden + row);
      for (int i = 0; i < hidden; i++) {
        sum += state[i] * call.floats(2)[weights + i];
      }
      return sum;
    }

    private double bias(int row) {
      return call.has(3) ? call.floats(3)[direction * 2 * form.gates() * hidden(call) + row] : 0;
    }

    private double peephole(int index, double cell) {
      return call.has(7) ? call.floats(7)[direction * 3 * hidden(call) + index] * cell : 0;
    }

    private double[] next(int time, double[] state, double[] cell) {
      return switch (form.gates()) {
        case 1 -> rnn(time, state);
        case 3 -> gru(time, state);
        default -> lstm(time, state, cell);
      };
    }

    private double[] rnn(int time, double[] state) {
      DoubleUnaryOperator f = function(call, direction, 0, 1);
      double[] next = new double[state.length];
      for (int i = 0; i < next.length; i++) {
        next[i] = f.applyAsDouble(input(time, i) + recurrent(state, i));
      }
      return next;
    }

    private double[] gru(int time, double[] state) {
      int hidden = state.length;
      DoubleUnaryOperator f = function(call, direction, 0, 2);
      DoubleUnaryOperator g = function(call, direction, 1, 2);
      double[] update = new double[hidden];
      double[] reset = new double[hidden];
      double[] kept = new double[hidden];
      for (int i = 0; i < hidden; i++) {
        update[i] = f.applyAsDouble(input(time, i) + recurrent(state, i));
        int row = hidden + i;
        reset[i] = f.applyAsDouble(input(time, row) + recurrent(state, row));
        kept[i] = reset[i] * state[i];
      }
      double[] next = new double[hidden];
      for (int i = 0; i < hidden; i++) {
        int row = 2 * hidden + i;
        double past =
            call.flag("linear_before_reset")
                ? reset[i] * recurrent(state, row)
                : recurrent(kept, row);
        double candidate = g.applyAsDouble(input(time, row) + past);
        next[i] = (1 - update[i]) * candidate + update[i] * state[i];
      }
      return next;
    }

    private double[] lstm(int time, double[] state, double[] cell) {
      int hidden = state.length;
      DoubleUnaryOperator f = function(call, direction, 0, 3);
      DoubleUnaryOperator g = function(call, direction, 1, 3);
      DoubleUnaryOperator h = function(call, direction, 2, 3);
      Call.requires(!call.flag("input_forget"), "input_forget = 1");
      double[] next = new double[hidden];
      for (int i = 0; i < hidden; i++) {
        double[] gate = new double[4];
        for (int k = 0; k < 4; k++) {
          gate[k] = input(time, k * hidden + i) + recurrent(state, k * hidden + i);
        }
        double in = f.applyAsDouble(gate[0] + peephole(i, cell[i]));
        double forget = f.applyAsDouble(gate[2] + peephole(2 * hidden + i, cell[i]));
        cell[i] = forget * cell[i] + in * g.applyAsDouble(gate[3]);
        double out = f.applyAsDouble(gate[1] + peephole(hidden + i, cell[i]));
        next[i] = out * h.applyAsDouble(cell[i]);
      }
      return next;
    }
  }
}
