// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.program;

import java.util.List;
import lockstep.isa.Stream;

/**
 * A compiled stretch of a network, ready to run: what simulator, RTL and trace read.
 *
 * <p>Off-chip memory starts as zeros with {@code segments} written over it. The program's
 * instructions lie at {@code base}, a multiple of 4096, in one segment, as {@code stream} has it.
 *
 * @param name of the stretch
 * @param specHash SHA-256 of the resolved spec it was compiled for, hex
 * @param stream how the instructions lie in memory
 * @param wordBytes bytes of one expanded instruction
 * @param base byte address of the first instruction
 * @param instructionCount HALT included
 * @param segments initial contents of off-chip memory, the program included, not overlapping,
 *     sorted by address
 * @param memoryBytes size of the off-chip memory used; all addresses are below it
 * @param regions names for address ranges (weights, parameters, each tensor)
 * @param layerOf for each instruction the index into {@code layers}
 */
public record Program(
    String name,
    String specHash,
    Stream stream,
    int wordBytes,
    long base,
    int instructionCount,
    List<Segment> segments,
    long memoryBytes,
    List<Region> regions,
    int[] layerOf,
    List<LayerInfo> layers) {

  /** Bytes to be placed at {@code address} before the start. */
  public record Segment(long address, byte[] bytes) {}

  /** A named address range. */
  public record Region(String name, Kind kind, long address, long bytes) {
    public enum Kind {
      PROGRAM,
      WEIGHTS,
      PARAMETERS,
      INPUT,
      OUTPUT,
      ACTIVATION
    }
  }

  /**
   * A layer as reports show it.
   *
   * @param macs multiply-accumulates the layer needs, 0 for pure data movement
   * @param mapping the mapping chosen, in words
   * @param onChip what of its operands and results stays in the scratchpad, in words
   * @param boundCycles the largest lower bound on its cycles, and {@code boundBy} what it is from
   * @param boundBytes bytes that memory has to move for it at least: everything once, in each of
   *     its stripes, that is not kept on chip
   * @param search how the mapping was found, in words
   * @param stripes how it runs depth-first with its neighbours, if it does
   */
  public record LayerInfo(
      String name,
      long macs,
      String mapping,
      String onChip,
      long boundCycles,
      String boundBy,
      long boundBytes,
      String search,
      Stripes stripes) {}

  /**
   * The stripes in which a chain of layers runs depth-first.
   *
   * @param chain its number in the model, 0 for a layer that runs as a whole
   * @param count stripes, 1 for a layer that runs as a whole
   * @param macsAgain multiply-accumulates for lines that another stripe has computed already;
   *     negative where lines that nobody reads, and no stripe computes, are more
   * @param savedBytes bytes that memory moves less for the layer, by the estimate of the mapping
   *     search; negative where it moves more
   * @param bytesAgain bytes that each stripe after the first has to read again: weights, and lines
   *     that another stripe reads, too; negative as {@code macsAgain}
   */
  public record Stripes(int chain, int count, long macsAgain, long savedBytes, long bytesAgain) {
    public static final Stripes NONE = new Stripes(0, 1, 0, 0, 0);
  }

  /**
   * The stripe that each instruction works for, from 0: how often its layer was begun before. The
   * instructions of a layer's stripe follow one another.
   */
  public int[] stripes() {
    int[] stripes = new int[layerOf.length];
    int[] begun = new int[layers.size()];
    for (int i = 0; i < layerOf.length; i++) {
      if (i == 0 || layerOf[i] != layerOf[i - 1]) {
        begun[layerOf[i]]++;
      }
      stripes[i] = begun[layerOf[i]] - 1;
    }
    return stripes;
  }

  /** The same program in a memory of {@code bytes} bytes. */
  public Program withMemory(long bytes) {
    return new Program(
        name,
        specHash,
        stream,
        wordBytes,
        base,
        instructionCount,
        segments,
        bytes,
        regions,
        layerOf,
        layers);
  }

  /** The same program, started on the given memory contents with its own segments written over. */
  public Program on(byte[] memory) {
    byte[] image = memory.clone();
    for (Segment s : segments) {
      System.arraycopy(s.bytes(), 0, image, Math.toIntExact(s.address()), s.bytes().length);
    }
    return new Program(
        name,
        specHash,
        stream,
        wordBytes,
        base,
        instructionCount,
        java.util.List.of(new Segment(0, image)),
        image.length,
        regions,
        layerOf,
        layers);
  }

  /** Off-chip memory as it is before the start. */
  public byte[] image() {
    byte[] memory = new byte[Math.toIntExact(memoryBytes)];
    for (Segment s : segments) {
      System.arraycopy(s.bytes(), 0, memory, Math.toIntExact(s.address()), s.bytes().length);
    }
    return memory;
  }
}
