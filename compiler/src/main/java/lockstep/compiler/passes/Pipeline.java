// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lockstep.arch.Spelling;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.GraphCheck;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.NetworkCheck;

/**
 * Passes in the order in which they run; graph and network are checked after each that changes
 * them.
 *
 * @param passes on the float graph, in order; one may stand in it twice
 * @param quantised passes on the quantised network, in order
 * @param depthFirst whether the mapping behind the passes may decide what {@link #DEPTH_FIRST}
 *     names
 */
public record Pipeline(List<Pass> passes, List<NetworkPass> quantised, boolean depthFirst) {
  /**
   * No pass, but left out as they are: layers run in stripes with their neighbours where a machine
   * can have them so and that saves off-chip traffic.
   */
  public static final String DEPTH_FIRST = "depth-first";

  /** What {@link #through} calls the graph before the first pass. */
  public static final String AS_READ = "none";

  /**
   * @throws IllegalArgumentException if a pass runs before one that it comes {@link Pass#after}
   */
  public Pipeline {
    passes = List.copyOf(passes);
    quantised = List.copyOf(quantised);
    List<Class<?>> kinds = passes.stream().<Class<?>>map(Object::getClass).toList();
    for (Pass pass : passes) {
      for (Class<? extends Pass> earlier : pass.after()) {
        if (kinds.indexOf(earlier) > kinds.indexOf(pass.getClass())) {
          throw new IllegalArgumentException(
              pass.name() + " runs before " + earlier.getSimpleName() + ", which it builds on");
        }
      }
    }
  }

  /** Passes on the float graph only. */
  public Pipeline(List<Pass> passes) {
    this(passes, List.of(), true);
  }

  /**
   * All passes; docs/passes.md says what each is for. First constants and encodings are settled and
   * decomposed operators found again, then algebra is simplified, then linear algebra becomes
   * convolution and data moves meet and cancel, then what follows a convolution is fused into it,
   * then what is left over becomes a convolution of its own. Behind quantisation, layers that read
   * one tensor are found.
   */
  public static Pipeline standard() {
    return new Pipeline(
        List.of(
            new FoldConstants(),
            new AbsorbQuantisation(),
            new CommonSubexpressions(),
            new DeadCode(),
            new RemoveCopies(),
            new SplitAdd(),
            new RecogniseNormalisation(),
            new NormalisationParameters(),
            new RecogniseSoftmax(),
            new RecogniseGelu(),
            new RecogniseSwish(),
            new NegationToMul(),
            new SubtractionToAddition(),
            new DivisionToMultiplication(),
            new PowerToProduct(),
            new ConstantChains(),
            new NeutralOperands(),
            new NormalisationToAffine(),
            new GemmToLinear(),
            new MatMulToLinear(),
            new ScaleIntoLinear(),
            new SlicesIntoLinear(),
            new FactorIntoWeights(),
            new LinearToConv(),
            new MatMulToProduct(),
            new SinkMoves(),
            new ConstantOperandToAffine(),
            new FoldPad(),
            new AveragePoolToConv(),
            new PerChannelBeforeConcat(),
            new FoldAffine(),
            new AddSiblings(),
            new AffineToConv(),
            new FuseActivation(),
            new FusePool(),
            new JoinSiblings(),
            new FuseResidual(),
            new AddToConv(),
            new PadToConv(),
            new MaxPoolToConv(),
            new FuseActivation(),
            new ActivationToConv(),
            new SimplifyMoves()),
        List.of(new FuseSiblings(), new MultiOutput()),
        true);
  }

  /** Names of the passes, each once, in order. */
  public List<String> names() {
    return Stream.concat(passes.stream().map(Pass::name), quantised.stream().map(NetworkPass::name))
        .distinct()
        .toList();
  }

  /** All that can be left out: the passes and {@link #DEPTH_FIRST}. */
  public List<String> leavable() {
    return Stream.concat(names().stream(), Stream.of(DEPTH_FIRST)).toList();
  }

  /** Whether a pass is one on the quantised network. */
  public boolean runsQuantised(String name) {
    return quantised.stream().anyMatch(p -> p.name().equals(name));
  }

  /**
   * This pipeline with some of {@link #leavable} left out; one that has been left out before may be
   * named again.
   *
   * @throws UserError if there is no such pass
   */
  public Pipeline without(Collection<String> left) {
    List<String> standard = standard().leavable();
    left.stream().filter(each -> !standard.contains(each)).forEach(this::requireName);
    return new Pipeline(
        passes.stream().filter(p -> !left.contains(p.name())).toList(),
        quantised.stream().filter(p -> !left.contains(p.name())).toList(),
        depthFirst && !left.contains(DEPTH_FIRST));
  }

  /**
   * Only the named passes on the float graph, in the order given.
   *
   * @throws UserError if there is no such pass, or if the order cannot be
   */
  public Pipeline only(List<String> wanted) {
    List<Pass> chosen = new ArrayList<>();
    for (String name : wanted) {
      requireName(name);
      if (runsQuantised(name)) {
        throw new UserError(name + " rewrites the quantised network, not the graph");
      }
      chosen.add(passes.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow());
    }
    try {
      return new Pipeline(chosen);
    } catch (IllegalArgumentException e) {
      throw new UserError("the passes cannot run in this order: " + e.getMessage());
    }
  }

  private void requireName(String name) {
    if (!names().contains(name)) {
      throw new UserError(
          "there is no pass '"
              + name
              + "'; "
              + Spelling.nearest(name, names())
                  .map(each -> "did you mean '" + each + "'? ")
                  .orElse("")
              + "the passes are "
              + String.join(", ", names()));
    }
  }

  /** Runs all passes. */
  public Graph run(Graph graph) {
    return run(graph, (_, _, _) -> {});
  }

  /** Runs all passes; {@code decisions} gets what each did, in order. */
  public Graph run(Graph graph, Consumer<Decision> decisions) {
    return run(
        graph,
        (pass, before, after) -> {
          if (after != before) {
            Decision.between(pass.name(), before, after).forEach(decisions);
          }
        });
  }

  /** Runs the passes on the quantised network; {@code decisions} gets what each did, in order. */
  public Network run(Network network, Consumer<Decision> decisions) {
    Network result = network;
    for (NetworkPass pass : quantised) {
      NetworkPass.Outcome outcome = pass.apply(result);
      result = NetworkCheck.require(outcome.network());
      outcome.decisions().forEach(decisions);
    }
    return result;
  }

  private interface Observer {
    void ran(Pass pass, Graph before, Graph after);
  }

  private Graph run(Graph graph, Observer observer) {
    Graph result = GraphCheck.require(graph, "reading");
    for (Pass pass : passes) {
      Graph next = pass.apply(result);
      if (next != result) {
        GraphCheck.require(next, pass.name());
      }
      observer.ran(pass, result, next);
      result = next;
    }
    return result;
  }

  /**
   * The pipeline up to the last run of a pass, or none of it for {@link #AS_READ}. Only up to a
   * pass on the quantised network has it any of those.
   *
   * @throws UserError if there is no such pass
   */
  public Pipeline through(String last) {
    if (last.equals(AS_READ)) {
      return new Pipeline(List.of());
    }
    requireName(last);
    if (runsQuantised(last)) {
      int end = quantised.stream().map(NetworkPass::name).toList().lastIndexOf(last);
      return new Pipeline(passes, quantised.subList(0, end + 1), depthFirst);
    }
    int end = passes.stream().map(Pass::name).toList().lastIndexOf(last);
    return new Pipeline(passes.subList(0, end + 1));
  }
}
