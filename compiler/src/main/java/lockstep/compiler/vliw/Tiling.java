// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/**
 * How a layer's output is cut into tiles, in which order, and where in local memory its operands
 * and results have their rooms. What changes from tile to tile has two rooms where there is space,
 * so that it moves while another tile is computed.
 *
 * @param height lines of a tile
 * @param width columns of a tile
 * @param blocks blocks of channels of a tile
 * @param channelsFirst whether tiles of other channels follow each other, not those of other pixels
 * @param rooms of each operand, one or two
 * @param outputs rooms of results, one or two
 * @param cycles estimated
 */
record Tiling(
    Work.Plan plan,
    int height,
    int width,
    int blocks,
    boolean channelsFirst,
    List<List<Region>> rooms,
    List<Region> outputs,
    long cycles) {

  private static final int TRANSFER_STEPS = 12;
  private static final int BUNDLE_BYTES = 28;

  /** Whether the machine has the registers for it. */
  boolean schedules() {
    return plan.schedules(rooms.stream().map(List::getFirst).toList(), outputs.getFirst());
  }

  /** In words. */
  String describe() {
    return "tiles of %dx%d pixels, %d blocks, outer %s, %d buffer%s"
        .formatted(
            height,
            width,
            blocks,
            channelsFirst ? "pixels" : "channels",
            outputs.size(),
            outputs.size() == 1 ? "" : "s");
  }

  /** The rule for a layer that makes all its choices. */
  MappingRule rule(String layer) {
    return plan.unrolled(
        new MappingRule(
            layer,
            null,
            null,
            null,
            new MappingRule.Size(height, width),
            blocks,
            channelsFirst,
            outputs.size()));
  }

  /** The tiles of an output, in their order. */
  List<Tile> tiles(TileForm form, Placement output) {
    Tensor y = output.tensor();
    int outBlocks = form.blocks(y.c());
    List<Tile> pixels = new ArrayList<>();
    for (int n = 0; n < y.n(); n++) {
      for (int line = 0; line < y.h(); line += height) {
        for (int column = 0; column < y.w(); column += width) {
          pixels.add(
              new Tile(
                  n,
                  line,
                  column,
                  Math.min(height, y.h() - line),
                  Math.min(width, y.w() - column),
                  0,
                  0));
        }
      }
    }
    List<Tile> all = new ArrayList<>();
    if (channelsFirst) {
      pixels.forEach(p -> groups(outBlocks, (b, n) -> all.add(part(p, b, n))));
    } else {
      groups(outBlocks, (b, n) -> pixels.forEach(p -> all.add(part(p, b, n))));
    }
    return all;
  }

  private interface Group {
    void at(int firstBlock, int blocks);
  }

  private void groups(int all, Group group) {
    for (int b = 0; b < all; b += blocks) {
      group.at(b, Math.min(blocks, all - b));
    }
  }

  private static Tile part(Tile p, int firstBlock, int blocks) {
    return new Tile(p.image(), p.y(), p.x(), p.height(), p.width(), firstBlock, blocks);
  }

  /**
   * Where everything lies for tiles of a size; null where it has no room.
   *
   * @param rule says how many rooms; two are tried before one where it does not
   */
  static @Nullable Tiling fit(
      TileForm form,
      Work work,
      Work.Plan plan,
      int height,
      int width,
      int blocks,
      boolean channelsFirst,
      MappingRule rule) {
    VliwArchitecture machine = form.machine();
    Tensor y = work.output().tensor();
    int roomH = plan.roomLines(height);
    int roomW = plan.roomColumns(width);
    long capacity = machine.localMemory().capacityBytes();
    Integer buffers = rule.buffers();
    for (int rooms = buffers == null ? 2 : buffers;
        rooms >= (buffers == null ? 1 : buffers);
        rooms--) {
      Layout layout = new Layout(form, capacity);
      List<List<Region>> operands = new ArrayList<>();
      Tile first = new Tile(0, 0, 0, Math.min(height, y.h()), Math.min(width, y.w()), 0, blocks);
      for (Operand operand : work.operands()) {
        boolean same = constant(form, work, operand, blocks, height, width);
        operands.add(
            layout.rooms(operand, y, form.blocks(y.c()), blocks, roomH, roomW, same ? 1 : rooms));
      }
      List<Region> outputs = layout.outputs(blocks, roomH, roomW, rooms);
      if (layout.fits()) {
        long cycles = cycles(form, work, plan, first, channelsFirst, rooms == 2);
        return new Tiling(plan, height, width, blocks, channelsFirst, operands, outputs, cycles);
      }
    }
    return null;
  }

  /** Whether all tiles read the same of an operand. */
  private static boolean constant(
      TileForm form, Work work, Operand operand, int blocks, int height, int width) {
    Tensor y = work.output().tensor();
    boolean allBlocks = blocks >= form.blocks(y.c());
    return switch (operand) {
      case Operand.Constants _ -> allBlocks;
      case Operand.Whole _ -> true;
      case Operand.Pixels p ->
          y.n() == 1 && allBlocks && (p.whole() || (height >= y.h() && width >= y.w()));
    };
  }

  /**
   * About the cycles of a layer: computing, reading and writing side by side, or one after the
   * other where there is one room for each, and what comes before the first tile and behind the
   * last.
   */
  private static long cycles(
      TileForm form, Work work, Work.Plan plan, Tile tile, boolean channelsFirst, boolean doubled) {
    VliwArchitecture machine = form.machine();
    Tensor y = work.output().tensor();
    long pixelTiles =
        (long) y.n() * Math.ceilDiv(y.h(), tile.height()) * Math.ceilDiv(y.w(), tile.width());
    long groups = Math.ceilDiv(form.blocks(y.c()), tile.blocks());
    long tiles = pixelTiles * groups;
    long transfers = TRANSFER_STEPS * (work.operands().size() + 1L);
    long read = tiles * (plan.bundles(tile) + transfers) * BUNDLE_BYTES;
    long firstRead = 0;
    for (Operand operand : work.operands()) {
      long once = bytes(form, operand, tile);
      read += once * times(operand, tile, y.n(), pixelTiles, groups, channelsFirst);
      firstRead += once;
    }
    long rate = Math.min(machine.dma().widthBytes(), machine.memory().bytesPerCycle());
    long latency = machine.memory().latencyCycles();
    long out = (long) tile.height() * tile.width() * tile.blocks() * form.block();
    // half a step for each bundle, so that of ways about as fast the one with less code is taken
    long compute = tiles * (plan.steps(tile) + plan.bundles(tile) / 2 + transfers);
    long in = read / rate;
    long moved = out * tiles / rate;
    long edges = (firstRead + out) / rate + 2 * latency;
    return doubled
        ? Math.max(compute, Math.max(in + tiles * latency / 2, moved)) + edges
        : compute + in + moved + 2 * tiles * latency;
  }

  /** How often an operand's part for a tile is read. */
  private static long times(
      Operand operand, Tile tile, int images, long pixelTiles, long groups, boolean channelsFirst) {
    return switch (operand) {
      case Operand.Whole _ -> 1;
      case Operand.Constants _ -> channelsFirst && groups > 1 ? pixelTiles * groups : groups;
      case Operand.Pixels p -> {
        long places = p.whole() ? images : pixelTiles;
        boolean ofGroup = p.blocks(tile) < total(p);
        if (ofGroup) {
          yield places * groups;
        }
        yield channelsFirst || places == 1 ? places : places * groups;
      }
    };
  }

  private static int total(Operand.Pixels p) {
    return p.parts().stream().mapToInt(Placement::blocks).sum();
  }

  private static long bytes(TileForm form, Operand operand, Tile tile) {
    return switch (operand) {
      case Operand.Constants c -> c.bytes(tile);
      case Operand.Whole w -> w.bytes();
      case Operand.Pixels p -> {
        Tensor x = p.parts().getFirst().tensor();
        int lines = p.whole() ? x.h() : Math.min(x.h(), p.halo().lines(tile.height()));
        int columns = p.whole() ? x.w() : Math.min(x.w(), p.halo().columns(tile.width()));
        yield (long) lines * columns * p.blocks(tile) * form.block();
      }
    };
  }

  /** Rooms one behind the other. */
  private static final class Layout {
    private final TileForm form;
    private final long capacity;
    private long top;

    Layout(TileForm form, long capacity) {
      this.form = form;
      this.capacity = capacity;
    }

    boolean fits() {
      return top <= capacity;
    }

    List<Region> rooms(
        Operand operand, Tensor y, int allBlocks, int blocks, int height, int width, int count) {
      long bytes = 0;
      int lines = 1;
      int columns = 1;
      for (int from = 0; from < allBlocks; from += blocks) {
        Tile tile = new Tile(0, 0, 0, height, width, from, Math.min(blocks, allBlocks - from));
        bytes =
            Math.max(
                bytes,
                switch (operand) {
                  case Operand.Constants c -> c.bytes(tile);
                  case Operand.Whole w -> w.bytes();
                  case Operand.Pixels p -> p.blocks(tile);
                });
      }
      if (operand instanceof Operand.Pixels p) {
        Tensor x = p.parts().getFirst().tensor();
        lines = p.whole() ? x.h() : p.halo().lines(height);
        columns = p.whole() ? x.w() + p.lastLines() : p.halo().columns(width);
        bytes *= (long) lines * columns * form.block();
      }
      return regions(bytes, lines, columns, count);
    }

    List<Region> outputs(int blocks, int height, int width, int count) {
      return regions((long) blocks * height * width * form.block(), height, width, count);
    }

    private List<Region> regions(long bytes, int lines, int columns, int count) {
      List<Region> regions = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        regions.add(new Region(top, lines, columns, form.blockWords()));
        top += Math.ceilDiv(bytes, (long) form.vector()) * form.vector();
      }
      return regions;
    }
  }
}
