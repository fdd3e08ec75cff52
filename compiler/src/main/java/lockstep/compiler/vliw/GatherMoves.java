// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.Move.Vector;
import lockstep.compiler.vliw.Move.Window;

/**
 * The moves that make the tiles of an output, vector by vector along the pixels of a block: each
 * takes its bytes from as few vectors of the inputs as cover them, which begin at any word.
 */
final class GatherMoves {
  private final TileForm form;
  private final Gather gather;
  private final Tensor output;
  private final Repeats repeats = new Repeats();

  GatherMoves(TileForm form, Gather gather, Tensor output) {
    this.form = form;
    this.gather = gather;
    this.output = output;
  }

  /** Where an element comes from: an input's byte, or a word of {@link Vector}. */
  private record Source(int input, int offset) {
    long word(int bytes) {
      return (long) input << Integer.SIZE | offset / bytes;
    }
  }

  /**
   * Folded into loops.
   *
   * @param room of the output
   */
  List<Move> of(Tile tile, Region room) {
    boolean whole = tile.width() == room.width();
    int lines = whole ? 1 : tile.height();
    int words = tile.width() * form.blockWords() * (whole ? tile.height() : 1);
    List<Move> moves = new ArrayList<>();
    for (int block = 0; block < tile.blocks(); block++) {
      for (int line = 0; line < lines; line++) {
        for (int word = 0; word < words; word += form.pieces()) {
          int pieces = Math.min(form.pieces(), words - word);
          moves.add(move(tile, block, line, word, pieces, room.at(block, line, 0) + word));
        }
      }
    }
    return repeats.of(moves);
  }

  private Move move(Tile tile, int block, int firstLine, int word, int pieces, long at) {
    Source[] sources = new Source[pieces * form.word()];
    int[] codes = new int[form.vector()];
    Arrays.fill(codes, Vector.ANY);
    TreeSet<Long> wanted = new TreeSet<>();
    for (int i = 0; i < sources.length; i++) {
      int place = word * form.word() + i;
      int pixel = place / form.block();
      int channel = (tile.firstBlock() + block) * form.block() + place % form.block();
      int line = tile.y() + firstLine + pixel / tile.width();
      int column = tile.x() + pixel % tile.width();
      if (channel < output.c()) {
        long from = gather.origin().of(tile.image(), channel, line, column);
        if (from == Gather.NOWHERE) {
          codes[i] = Vector.FILLED;
        } else {
          sources[i] = new Source(Gather.input(from), gather.offset(from));
          wanted.add(sources[i].word(form.word()));
        }
      }
    }
    List<Source> windows = windows(wanted);
    Long[] pointers = new Long[gather.inputs().size() + 1];
    Arrays.fill(pointers, Move.UNUSED);
    pointers[gather.inputs().size()] = at;
    List<Window> relative = new ArrayList<>();
    for (Source window : windows) {
      if (pointers[window.input()] == Move.UNUSED) {
        pointers[window.input()] = (long) window.offset();
      }
      relative.add(new Window(window.input(), window.offset() - pointers[window.input()]));
    }
    for (int i = 0; i < sources.length; i++) {
      if (sources[i] != null) {
        codes[i] = code(sources[i], windows);
      }
    }
    Vector vector = new Vector(relative, Arrays.stream(codes).boxed().toList(), pieces);
    return new Move(repeats.one(vector), Collections.unmodifiableList(Arrays.asList(pointers)));
  }

  private int code(Source source, List<Source> windows) {
    for (int w = 0; w < windows.size(); w++) {
      int place = source.offset() - windows.get(w).offset() * form.word();
      if (windows.get(w).input() == source.input() && place >= 0 && place < form.vector()) {
        return w * form.vector() + place;
      }
    }
    throw new IllegalStateException("no window has byte " + source.offset());
  }

  /** Vectors that cover words; their offsets are words. None reaches beyond its input's room. */
  private List<Source> windows(TreeSet<Long> wanted) {
    List<Source> windows = new ArrayList<>();
    long covered = -1;
    for (long each : wanted) {
      if (each > covered) {
        int input = (int) (each >> Integer.SIZE);
        Placement from = gather.inputs().get(input);
        int last = Math.ceilDiv(Math.toIntExact(Gather.bytes(from)), form.vector()) - 1;
        int first = Math.min((int) each, last * form.pieces());
        windows.add(new Source(input, first));
        covered = ((long) input << Integer.SIZE | first) + form.pieces() - 1;
      }
    }
    return windows;
  }
}
