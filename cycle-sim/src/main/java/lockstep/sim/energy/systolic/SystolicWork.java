// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.Expanded;
import lockstep.isa.Format;
import lockstep.isa.InstructionSet;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Store;

/**
 * Actions that a systolic program does and that no counter counts. Programs have no branches, so
 * they follow from its instructions and hold for every run of it.
 *
 * @param macs multiply-accumulates that the layers need, and those that their stripes do again
 * @param elements output elements post-processed
 * @param residuals output elements with a residual added
 * @param leaks output elements of stores whose negative side has a slope of its own
 * @param maxima output elements' pooling taps compared with a tap before
 * @param stores store instructions; each reads one row of parameters
 * @param instructionBits register bits that instructions are written to: each word of the stream to
 *     the fetch buffer and to the expanded instruction, this whole to its unit's queue
 */
public record SystolicWork(
    long macs,
    long elements,
    long residuals,
    long leaks,
    long maxima,
    long stores,
    long instructionBits) {
  public static final SystolicWork NONE = new SystolicWork(0, 0, 0, 0, 0, 0, 0);

  /** {@code leak} that leaves negative values as they are. */
  private static final int IDENTITY = 1 << 15;

  public SystolicWork plus(SystolicWork other) {
    return new SystolicWork(
        macs + other.macs,
        elements + other.elements,
        residuals + other.residuals,
        leaks + other.leaks,
        maxima + other.maxima,
        stores + other.stores,
        instructionBits + other.instructionBits);
  }

  /** The work of a whole program. */
  public static SystolicWork of(Program program, InstructionSet isa) {
    return layers(program, isa).stream().reduce(NONE, SystolicWork::plus);
  }

  /** The work of each layer. */
  public static List<SystolicWork> layers(Program program, InstructionSet isa) {
    List<SystolicWork> layers = new ArrayList<>();
    for (Program.LayerInfo layer : program.layers()) {
      long macs = layer.macs() + layer.stripes().macsAgain();
      layers.add(new SystolicWork(macs, 0, 0, 0, 0, 0, 0));
    }
    Map<String, Integer> bitsOf =
        isa.formats().stream().collect(Collectors.toMap(Format::mnemonic, Format::bits));
    Expanded code = ProgramFile.expanded(program);
    for (int i = 0; i < program.instructionCount(); i++) {
      var instruction = SystolicInstruction.decode(isa, code.words(), i * program.wordBytes());
      int streamed = code.ends()[i] - (i == 0 ? 0 : code.ends()[i - 1]);
      long bits = 2L * 8 * streamed + Objects.requireNonNull(bitsOf.get(instruction.mnemonic()));
      SystolicWork work = instruction instanceof Store store ? of(store) : NONE;
      int layer = program.layerOf()[i];
      layers.set(layer, layers.get(layer).plus(work).plus(written(bits)));
    }
    return List.copyOf(layers);
  }

  private static SystolicWork written(long instructionBits) {
    return new SystolicWork(0, 0, 0, 0, 0, 0, instructionBits);
  }

  private static SystolicWork of(Store s) {
    long pixels = (long) s.nY() * s.nX();
    long elements = pixels * s.channels();
    long taps = (long) counting(s.nY(), s.strideY(), s.padY(), s.poolH(), s.tileH());
    taps *= counting(s.nX(), s.strideX(), s.padX(), s.poolW(), s.tileW());
    return new SystolicWork(
        0,
        elements,
        s.residual() ? elements : 0,
        s.leak() == IDENTITY ? 0 : elements,
        (taps - pixels) * s.channels(),
        1,
        0);
  }

  /** Pairs of output position and tap whose position lies in the tile, along one direction. */
  private static int counting(int outputs, int stride, int pad, int pool, int tile) {
    int count = 0;
    for (int output = 0; output < outputs; output++) {
      int first = Math.max(0, output * stride - pad);
      int end = Math.min(tile, output * stride - pad + pool);
      count += Math.max(0, end - first);
    }
    return count;
  }
}
