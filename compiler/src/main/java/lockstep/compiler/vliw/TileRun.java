// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.Transfers.Direction;
import lockstep.compiler.vliw.Transfers.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Writes the code of a layer tile by tile: what the next tile reads is asked for, what this one
 * reads is waited for, the tile is computed, its results go to memory.
 */
final class TileRun {
  private static final long LONGEST_RUN = 1 << 20;
  private static final int[] ONCE = {1, 1, 1};
  private static final long[] NOWHERE = {0, 0, 0};

  private final TileForm form;
  private final Work work;
  private final Tiling tiling;
  private final BundleCode code;
  private final Transfers transfers;
  private final Map<String, Integer> written;
  private final List<Tile> tiles;
  private final List<Room> rooms = new ArrayList<>();
  private final int[] outputs;

  /** The rooms of an operand: what is in them, and the transfer that brings it. */
  private static final class Room {
    final Operand operand;
    final List<Region> regions;
    final @Nullable Object[] contents;
    final @Nullable Object[] borders;
    final int[] arrival;
    int last;

    Room(Operand operand, List<Region> regions) {
      this.operand = operand;
      this.regions = regions;
      contents = new Object[regions.size()];
      borders = new Object[regions.size()];
      arrival = new int[regions.size()];
      last = regions.size() - 1;
    }
  }

  /**
   * @param written the number of the last transfer out of each allocation, by its name
   */
  TileRun(
      TileForm form,
      Work work,
      Tiling tiling,
      BundleCode code,
      Transfers transfers,
      Map<String, Integer> written) {
    this.form = form;
    this.work = work;
    this.tiling = tiling;
    this.code = code;
    this.transfers = transfers;
    this.written = written;
    tiles = tiling.tiles(form, work.output());
    for (int i = 0; i < work.operands().size(); i++) {
      rooms.add(new Room(work.operands().get(i), tiling.rooms().get(i)));
    }
    outputs = new int[tiling.outputs().size()];
  }

  void emit() {
    // rooms of the layer before lie where those of this one do
    transfers.await(Direction.OUT, transfers.started(Direction.OUT));
    tiles.stream().limit(1).forEach(this::fetchAll);
    append(
        tiling
            .plan()
            .begin(
                rooms.stream().map(r -> r.regions.getFirst()).toList(),
                tiling.outputs().getFirst()));
    for (int i = 0; i < tiles.size(); i++) {
      Tile tile = tiles.get(i);
      List<Region> operands = new ArrayList<>();
      List<int[]> arrivals = new ArrayList<>();
      for (Room room : rooms) {
        operands.add(room.regions.get(room.last));
        arrivals.add(new int[] {room.arrival[room.last]});
      }
      if (i + 1 < tiles.size()) {
        for (Room room : rooms) {
          if (room.regions.size() > 1) {
            fetch(room, tiles.get(i + 1));
          }
        }
      }
      for (int[] arrival : arrivals) {
        transfers.await(Direction.IN, arrival[0]);
      }
      int place = i % outputs.length;
      Region output = tiling.outputs().get(place);
      transfers.await(Direction.OUT, outputs[place]);
      append(tiling.plan().compute(tile, operands, output));
      outputs[place] = write(tile, output);
      if (i + 1 < tiles.size()) {
        for (Room room : rooms) {
          if (room.regions.size() == 1) {
            fetch(room, tiles.get(i + 1));
          }
        }
      }
    }
    written.put(work.output().root(), transfers.started(Direction.OUT));
  }

  private void append(Code next) {
    next.bundles().forEach(code::append);
  }

  private void fetchAll(Tile tile) {
    rooms.forEach(room -> fetch(room, tile));
  }

  /** Asks for what a tile reads of an operand, unless it is there. */
  private void fetch(Room room, Tile tile) {
    Object wanted = key(room.operand, tile);
    if (wanted.equals(room.contents[room.last])) {
      return;
    }
    int at = (room.last + 1) % room.regions.size();
    room.last = at;
    if (wanted.equals(room.contents[at])) {
      return;
    }
    Region region = room.regions.get(at);
    switch (room.operand) {
      case Operand.Constants c ->
          constants(c.address() + c.from(tile.firstBlock()), c.bytes(tile), region);
      case Operand.Whole w -> {
        transfers.await(Direction.OUT, written.getOrDefault(w.root(), 0));
        constants(w.address(), w.bytes(), region);
      }
      case Operand.Pixels p -> pixels(p, tile, region, room, at);
    }
    room.contents[at] = wanted;
    room.arrival[at] = transfers.started(Direction.IN);
  }

  private static Object key(Operand operand, Tile tile) {
    return switch (operand) {
      case Operand.Constants _ -> List.of(tile.firstBlock(), tile.blocks());
      case Operand.Whole _ -> List.of();
      case Operand.Pixels p -> {
        List<Integer> blocks =
            List.of(p.firstBlock().applyAsInt(tile.firstBlock()), p.blocks(tile));
        yield p.whole()
            ? List.of(tile.image(), blocks)
            : List.of(tile.image(), tile.y(), tile.x(), tile.height(), tile.width(), blocks);
      }
    };
  }

  private void constants(long address, long bytes, Region region) {
    for (long done = 0; done < bytes; done += LONGEST_RUN) {
      long run = Math.min(bytes - done, LONGEST_RUN);
      transfers.start(
          Direction.IN,
          new Shape(address + done, region.base() + done, run, ONCE, NOWHERE, NOWHERE));
    }
  }

  private void pixels(Operand.Pixels p, Tile tile, Region region, Room room, int at) {
    Tensor x = p.parts().getFirst().tensor();
    Halo halo = p.halo();
    int y0 = p.whole() ? 0 : tile.y() * halo.strideH() - halo.padTop();
    int x0 = p.whole() ? 0 : tile.x() * halo.strideW() - halo.padLeft();
    int lines = p.whole() ? x.h() : halo.lines(tile.height());
    int columns = p.whole() ? x.w() + p.lastLines() : halo.columns(tile.width());
    int top = Math.clamp(-y0, 0, lines);
    int bottom = Math.clamp(y0 + lines - x.h(), 0, lines - top);
    int left = Math.clamp(-x0, 0, columns);
    int right = Math.clamp(x0 + columns - x.w(), 0, columns - left);
    int blocks = p.blocks(tile);
    List<Integer> border = List.of(top, bottom, left, right, lines, columns, blocks);
    if (!border.equals(room.borders[at])) {
      room.borders[at] = border;
      fill(p.fill(), region, blocks, 0, top, 0, columns);
      fill(p.fill(), region, blocks, lines - bottom, bottom, 0, columns);
      fill(p.fill(), region, blocks, top, lines - top - bottom, 0, left);
      fill(p.fill(), region, blocks, top, lines - top - bottom, columns - right, right);
    }
    int height = lines - top - bottom;
    int width = columns - left - right;
    if (height <= 0 || width <= 0) {
      return;
    }
    int first = p.firstBlock().applyAsInt(tile.firstBlock());
    int before = 0;
    for (Placement part : p.parts()) {
      int from = Math.max(first, before);
      int end = Math.min(first + blocks, before + part.blocks());
      if (from < end) {
        transfers.await(Direction.OUT, written.getOrDefault(part.root(), 0));
        long pixel = (long) (y0 + top) * x.w() + x0 + left;
        move(
            Direction.IN,
            part.address(image(part, tile), from - before) + pixel * form.block(),
            part.blockBytes(),
            x.w(),
            region,
            new int[] {from - first, top, left},
            new int[] {end - from, height, width});
      }
      before += part.blocks();
    }
  }

  /** A tensor of one image serves all. */
  private static int image(Placement part, Tile tile) {
    return Math.min(tile.image(), part.tensor().n() - 1);
  }

  private void fill(
      int value, Region region, int blocks, int line, int lines, int column, int columns) {
    if (lines <= 0 || columns <= 0) {
      return;
    }
    boolean whole =
        columns == region.width() && (long) columns * form.block() * lines <= LONGEST_RUN;
    int word = form.word();
    transfers.fill(
        value,
        new Shape(
            0,
            region.base() + region.at(0, line, column) * word,
            (long) columns * form.block() * (whole ? lines : 1),
            new int[] {whole ? 1 : lines, blocks, 1},
            NOWHERE,
            new long[] {(long) region.line() * word, (long) region.plane() * word, 0}));
  }

  private int write(Tile tile, Region region) {
    Placement to = work.output();
    Tensor y = to.tensor();
    long pixel = (long) tile.y() * y.w() + tile.x();
    return move(
        Direction.OUT,
        to.address(tile.image(), tile.firstBlock()) + pixel * form.block(),
        to.blockBytes(),
        y.w(),
        region,
        new int[] {0, 0, 0},
        new int[] {tile.blocks(), tile.height(), tile.width()});
  }

  /**
   * @param memory address of the first pixel
   * @param from block, line and column in the region
   * @param size blocks, lines and columns
   */
  private int move(
      Direction direction,
      long memory,
      long blockBytes,
      int lineWidth,
      Region region,
      int[] from,
      int[] size) {
    int word = form.word();
    long line = (long) size[2] * form.block();
    boolean whole =
        size[2] == lineWidth && size[2] == region.width() && line * size[1] <= LONGEST_RUN;
    boolean one = whole || size[1] == 1;
    long run = whole ? line * size[1] : line;
    int[] counts = {one ? 1 : size[1], size[0], 1};
    long[] memorySteps = {(long) lineWidth * form.block(), blockBytes, 0};
    long[] localSteps = {(long) region.line() * word, (long) region.plane() * word, 0};
    if (one) {
      counts = new int[] {size[0], 1, 1};
      memorySteps = new long[] {blockBytes, 0, 0};
      localSteps = new long[] {(long) region.plane() * word, 0, 0};
    }
    return transfers.start(
        direction,
        new Shape(
            memory,
            region.base() + region.at(from[0], from[1], from[2]) * word,
            run,
            counts,
            memorySteps,
            localSteps));
  }
}
