// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.Optional;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;

/** Whether a mapping can be: what search, cache and user give is held to these rules. */
final class MappingCheck {
  /** Results of a tile that an instruction can count. */
  static final int MOST_RESULTS = 65535;

  private final MappingProblem p;
  private final Mapping m;

  private MappingCheck(MappingProblem p, Mapping m) {
    this.p = p;
    this.m = m;
  }

  /** The first rule that {@code m} breaks, in the user's words; empty if it keeps all. */
  static Optional<String> firstFault(MappingProblem p, Mapping m) {
    MappingCheck check = new MappingCheck(p, m);
    return check
        .shape()
        .or(check::sizes)
        .or(check::banks)
        .or(check::accumulator)
        .or(check::scratchpad);
  }

  private Optional<String> shape() {
    if (!p.arch().array().dataflows().contains(m.dataflow())) {
      return fault("the array has no dataflow %s", word(m.dataflow()));
    }
    if (p.reduction(m.patches()).tiles() == 0) {
      return fault(
          p.room().input()
              ? "its input stays on chip and cannot be cut into patches"
              : "its input cannot be cut into patches: that takes one block of channels and a window"
                  + " of several pixels");
    }
    return Optional.empty();
  }

  private Optional<String> sizes() {
    return within("tile height", m.tileH(), p.c().output().h(), "output lines")
        .or(() -> within("tile width", m.tileW(), p.c().output().w(), "output columns"))
        .or(
            () ->
                within(
                    "reduction_tiles",
                    m.chunk(),
                    p.reduction(m.patches()).tiles(),
                    "tiles of the reduction"))
        .or(() -> within("output_blocks", m.group(), p.blocks(), "blocks of output channels"))
        .or(
            () ->
                within(
                    "output_blocks",
                    m.group(),
                    p.arch().postProcessing().parameterRows(),
                    "parameter rows"));
  }

  private Optional<String> banks() {
    if (m.weightBanks() < 1) {
      return fault("weights need a bank");
    }
    if (p.room().input() != (m.activationBanks() == 0)) {
      return fault(
          p.room().input()
              ? "its input stays on chip and needs no banks"
              : "activations need a bank");
    }
    if (p.loadsResidual() != (m.residualBanks() > 0)) {
      return fault(
          p.loadsResidual() ? "residuals need a bank" : "it loads no residual and needs no banks");
    }
    int banks = m.activationBanks() + m.weightBanks() + m.residualBanks();
    return banks > p.room().banks()
        ? fault("it takes %d banks of the scratchpad and has %d", banks, p.room().banks())
        : Optional.empty();
  }

  private Optional<String> accumulator() {
    long results = p.mostResults(m.tileH(), m.tileW());
    if (results > MOST_RESULTS) {
      return fault("a tile of %d results is more than %d", results, MOST_RESULTS);
    }
    return results * m.group() > p.accumulatorRows()
        ? fault(
            "a tile of %dx%d with %d output blocks takes %d accumulator rows of %d",
            m.tileH(), m.tileW(), m.group(), results * m.group(), p.accumulatorRows())
        : Optional.empty();
  }

  private Optional<String> scratchpad() {
    MappingCost.Tiling t =
        MappingCost.Tiling.of(p, m.patches(), m.dataflow(), m.tileH(), m.tileW());
    return rows(
            "activations", p.room().input() ? 0 : t.largestPlane() * m.chunk(), m.activationBanks())
        .or(
            () ->
                rows(
                    "weights",
                    p.weightRows(m.patches(), m.dataflow(), m.chunk(), m.group()),
                    m.weightBanks()))
        .or(
            () ->
                rows(
                    "residuals",
                    p.loadsResidual() ? (long) m.tileH() * m.tileW() : 0,
                    m.residualBanks()));
  }

  private Optional<String> rows(String what, long rows, int banks) {
    long there = banks * p.bankRows();
    return rows > there
        ? fault("%s take %d scratchpad rows, %d banks have %d", what, rows, banks, there)
        : Optional.empty();
  }

  private static Optional<String> within(String what, int value, int most, String of) {
    return value < 1 || value > most
        ? fault("%s %d is not among the %d %s", what, value, most, of)
        : Optional.empty();
  }

  private static String word(Dataflow dataflow) {
    return dataflow.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static Optional<String> fault(String format, Object... values) {
    return Optional.of(format.formatted(values));
  }
}
