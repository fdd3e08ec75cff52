// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.vliw;

import java.util.List;
import java.util.Locale;
import lockstep.arch.FlowKeys;
import lockstep.arch.MappingEntry;
import org.jspecify.annotations.Nullable;

/**
 * How the user wants some layers to be mapped: one entry of the block {@code mapping:} of a spec.
 * What is null is left to the compiler.
 *
 * @param match name of a layer as reports show it; {@code *} stands for any characters, {@code ?}
 *     for one
 * @param pixels left operands of the matrix unit, each {@code rows} pixels, that share each right
 *     operand; of contractions only, as {@code channels} and {@code innermost} are
 * @param channels right operands of the matrix unit, each {@code cols} output channels, that share
 *     each left operand
 * @param innermost what the rounds of a contraction's innermost loop are
 * @param tile lines and columns of a tile of the output
 * @param outputBlocks blocks of output channels of a tile
 * @param pixelsOuter tiles of other channels follow each other, tiles of other pixels in a loop
 *     around them; else the other way round
 * @param buffers rooms in local memory of what changes from tile to tile, 1 or 2
 */
public record MappingRule(
    String match,
    @Nullable Integer pixels,
    @Nullable Integer channels,
    @Nullable Innermost innermost,
    @Nullable Size tile,
    @Nullable Integer outputBlocks,
    @Nullable Boolean pixelsOuter,
    @Nullable Integer buffers)
    implements MappingEntry<MappingRule> {

  /** What follows each other in the innermost loop of a contraction. */
  public enum Innermost {
    /** Groups of pixels; each round sums all depths. */
    PIXELS,
    /** Blocks of depths, with all taps of the window. */
    DEPTHS,
    /** Lines of the window, of a block of depths; blocks are a loop around them. */
    LINES
  }

  /** Lines and columns. */
  public record Size(int lines, int columns) {}

  /** Leaves everything to the compiler. */
  public static final MappingRule FREE =
      new MappingRule("*", null, null, null, null, null, null, null);

  /** What the rules say of a layer: for each choice the last rule that makes it and matches. */
  public static MappingRule of(List<MappingRule> rules, String layer) {
    return MappingEntry.of(rules, layer, FREE);
  }

  @Override
  public MappingRule over(MappingRule o) {
    return new MappingRule(
        match,
        pixels == null ? o.pixels : pixels,
        channels == null ? o.channels : channels,
        innermost == null ? o.innermost : innermost,
        tile == null ? o.tile : tile,
        outputBlocks == null ? o.outputBlocks : outputBlocks,
        pixelsOuter == null ? o.pixelsOuter : pixelsOuter,
        buffers == null ? o.buffers : buffers);
  }

  /** The same with tiles of no more than so much. */
  public MappingRule atMost(int lines, int columns, int blocks) {
    return new MappingRule(
        match,
        pixels,
        channels,
        innermost,
        tile == null
            ? null
            : new Size(Math.min(tile.lines, lines), Math.min(tile.columns, columns)),
        outputBlocks == null ? null : Integer.valueOf(Math.min(outputBlocks, blocks)),
        pixelsOuter,
        buffers);
  }

  /** The entry as canonical YAML. */
  String yaml() {
    return choices(new FlowKeys().text("match", match)).toString();
  }

  /** What it chooses, as the keys of a file. */
  public String choices() {
    return choices(new FlowKeys()).toString();
  }

  private FlowKeys choices(FlowKeys keys) {
    String loop = innermost == null ? null : innermost.name().toLowerCase(Locale.ROOT);
    String size = tile == null ? null : "[" + tile.lines() + ", " + tile.columns() + "]";
    String outer = pixelsOuter == null ? null : pixelsOuter ? "pixels" : "channels";
    return keys.group("unroll", new FlowKeys().add("pixels", pixels).add("channels", channels))
        .add("innermost", loop)
        .add("tile", size)
        .add("output_blocks", outputBlocks)
        .add("outer", outer)
        .add("buffers", buffers);
  }
}
