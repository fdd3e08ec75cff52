// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.interpreter.FloatInterpreter;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.passes.GraphBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rotary embedding in all its forms, against ONNX Runtime and against its parts. */
class RotaryEmbeddingTest {
  private static final String CONTRIBUTED = "com.microsoft.RotaryEmbedding";
  private static final int BATCHES = 2;
  private static final int HEADS = 3;
  private static final int TOKENS = 4;
  private static final int SIZE = 16;
  private static final int POSITIONS = 9;

  private static Constant value(CaseList c, boolean split) {
    return split ? c.floats(BATCHES, HEADS, TOKENS, SIZE) : c.floats(BATCHES, TOKENS, HEADS * SIZE);
  }

  private static CaseList options(CaseList c, boolean split, int turned, boolean interleaved) {
    c.opset(23).with("interleaved", interleaved ? 1 : 0);
    if (turned < SIZE) {
      c.with("rotary_embedding_dim", turned);
    }
    return split ? c : c.with("num_heads", HEADS);
  }

  private static void check(CaseList c) {
    for (OperatorCase one : c.all()) {
      try (HostSession session = HostSession.open(OnnxWriter.write(one.graph()), one.toString())) {
        Constant expected = session.run(Map.of()).get("o0");
        Nearness.require(one.toString(), one.evaluated().getFirst(), expected, 1e-6);
        assertThat(Operators.find(one.op()).types(one.call())).containsExactly(expected.type());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, 16, false", "true, 16, true", "true, 8, false", "true, 8, true",
    "false, 16, false", "false, 16, true", "false, 8, false", "false, 8, true",
  })
  void ofTheStandardWithPositionIdsAndWithout(boolean split, int turned, boolean interleaved) {
    CaseList c = new CaseList(turned);
    options(c, split, turned, interleaved)
        .of(
            "RotaryEmbedding",
            value(c, split),
            c.between(-1, 1, POSITIONS, turned / 2),
            c.between(-1, 1, POSITIONS, turned / 2),
            c.longs(0, POSITIONS - 1, BATCHES, TOKENS));
    options(c, split, turned, interleaved)
        .of(
            "RotaryEmbedding",
            value(c, split),
            c.between(-1, 1, BATCHES, TOKENS, turned / 2),
            c.between(-1, 1, BATCHES, TOKENS, turned / 2));
    check(c);
  }

  @ParameterizedTest
  @CsvSource({
    "true, 16, false", "true, 16, true", "true, 8, false", "true, 8, true",
    "false, 16, false", "false, 16, true", "false, 8, false", "false, 8, true",
  })
  void ofOnnxRuntimeWithOneIdAndWithAll(boolean split, int turned, boolean interleaved) {
    CaseList c = new CaseList(turned);
    List<Constant> ids =
        List.of(c.longs(0, POSITIONS - 1, BATCHES, TOKENS), CaseList.vector(POSITIONS - TOKENS));
    for (Constant each : ids) {
      options(c, split, turned, interleaved);
      if (split && turned < SIZE) {
        c.with("num_heads", HEADS);
      }
      c.of(
          CONTRIBUTED,
          value(c, split),
          each,
          c.between(-1, 1, POSITIONS, turned / 2),
          c.between(-1, 1, POSITIONS, turned / 2));
    }
    check(c);
  }

  @Test
  void theNumberOfHeadsFollowsFromTheAngles() {
    CaseList c = new CaseList(1);
    Constant angles = c.between(-1, 1, POSITIONS, SIZE / 2);
    c.of(CONTRIBUTED, value(c, false), CaseList.vector(0), angles, angles);
    check(c);
  }

  /** x cos + (-second half, first half) sin, as exporters write it. */
  @Test
  void equalsItsParts() {
    CaseList c = new CaseList(5);
    Constant x = value(c, true);
    Constant cosines = c.between(-1, 1, TOKENS, SIZE / 2);
    Constant sines = c.between(-1, 1, TOKENS, SIZE / 2);
    Constant ids = CaseList.vector(0);
    c.of(CONTRIBUTED, x, ids, cosines, sines);
    Graph parts =
        new GraphBuilder()
            .input("x", BATCHES, HEADS, TOKENS, SIZE)
            .constant("cos", twice(cosines))
            .constant("sin", twice(sines))
            .constant("minus", CaseList.scalar(-1))
            .constant("zero", CaseList.vector(0))
            .constant("half", CaseList.vector(SIZE / 2))
            .constant("end", CaseList.vector(SIZE))
            .constant("last", CaseList.vector(3))
            .foreign("first", "Slice", new TreeMap<>(), half(), "x", "zero", "half", "last")
            .foreign("second", "Slice", new TreeMap<>(), half(), "x", "half", "end", "last")
            .node("negative", new Op.Mul(), "second", "minus")
            .node("turned", new Op.Concat(3), "negative", "first")
            .node("a", new Op.Mul(), "x", "cos")
            .node("b", new Op.Mul(), "turned", "sin")
            .node("y", new Op.Add(), "a", "b")
            .output("y")
            .build();
    Constant expected = FloatInterpreter.run(parts, Map.of("x", x)).get("y");
    Nearness.require("parts", c.all().getFirst().evaluated().getFirst(), expected, 1e-6);
  }

  private static Shape half() {
    return Shape.of(BATCHES, HEADS, TOKENS, SIZE / 2);
  }

  private static Constant twice(Constant angles) {
    float[] twice = new float[TOKENS * SIZE];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = angles.floats()[i / SIZE * (SIZE / 2) + i % (SIZE / 2)];
    }
    return new Constant.Floats(Shape.of(TOKENS, SIZE), twice);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    CaseList c = new CaseList(1);
    Constant x = value(c, true);
    Constant angles = c.floats(POSITIONS, SIZE / 2);
    c.opset(23).of("RotaryEmbedding", x, angles, angles, c.longs(9, 9, BATCHES, TOKENS));
    c.of("RotaryEmbedding", x, angles, angles);
    c.of("RotaryEmbedding", value(c, false), angles, angles, c.longs(0, 8, BATCHES, TOKENS));
    c.with("rotary_embedding_dim", 18)
        .of("RotaryEmbedding", x, angles, angles, c.longs(0, 8, BATCHES, TOKENS));
    c.of(CONTRIBUTED, x, CaseList.vector(-1), angles, angles);
    c.of(CONTRIBUTED, x, CaseList.vector(6), angles, angles);
    c.of(CONTRIBUTED, x, null, angles, angles);
    List<String> complaints =
        List.of(
            "position 9 of",
            "cosines",
            "num_heads is missing",
            "rotary_embedding_dim 18 of heads of 16",
            "position -1 of",
            "position 9 of",
            "the position ids are missing");
    for (int i = 0; i < complaints.size(); i++) {
      OperatorCase one = c.all().get(i);
      assertThatThrownBy(one::evaluated)
          .as(one.toString())
          .isInstanceOf(UserError.class)
          .hasMessageContaining(complaints.get(i));
    }
  }
}
