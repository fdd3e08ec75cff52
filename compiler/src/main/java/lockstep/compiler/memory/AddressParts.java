// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;

/**
 * Which tensors lie inside others, so that joining, splitting and counting heads move nothing.
 *
 * <pre>
 * Concat   [ a | b | c ]                  a, b, c are written where the joined tensor has them
 * View     [   | b |   ]                  b is read where the whole tensor has it
 *          [ head 0 | head 1 | head 2 ]   channels of one image, or one image each
 * </pre>
 *
 * <p>A part begins at a whole block of {@code cols} channels. Where the number of images changes,
 * channels of an image of either side fill whole blocks, and the images lie one after the other.
 *
 * @param parts where each tensor lies that is part of another
 * @param free names of the layers that move nothing
 */
public record AddressParts(Map<String, Part> parts, Set<String> free) {

  /**
   * A place in another tensor.
   *
   * @param channel first channel
   * @param imageChannels channels from image to image; 0 for as many as the other has
   */
  public record Part(String whole, int channel, int imageChannels) {}

  /** The parts of a network, by the layers that the machine {@code runs}. */
  public static AddressParts of(Network network, int cols, Predicate<Layer> runs) {
    Finder finder = new Finder(network, cols);
    network.layers().stream().filter(runs).forEach(finder::visit);
    return new AddressParts(finder.parts, finder.free);
  }

  /** The allocation of a tensor. */
  public String root(String name) {
    Part p = parts.get(name);
    return p == null ? name : root(p.whole());
  }

  /** First channel of a tensor in its allocation. */
  public int channel(String name) {
    Part p = parts.get(name);
    return p == null ? 0 : p.channel() + channel(p.whole());
  }

  /** Channels from image to image of a tensor, given those of its allocation. */
  public int imageChannels(String name, int ofRoot) {
    Part p = parts.get(name);
    return p == null
        ? ofRoot
        : p.imageChannels() > 0 ? p.imageChannels() : imageChannels(p.whole(), ofRoot);
  }

  private static final class Finder {
    private final int cols;
    private final Map<String, Part> parts = new HashMap<>();
    private final Set<String> free = new HashSet<>();
    private final Set<String> produced = new HashSet<>();

    /** Tensors whose images have to lie one after the other. */
    private final Set<String> dense = new HashSet<>();

    Finder(Network network, int cols) {
      this.cols = cols;
      for (Layer layer : network.layers()) {
        if (layer instanceof Layer.View view && view.input().n() != view.output().n()) {
          dense.add(view.input().name());
        }
      }
    }

    void visit(Layer layer) {
      switch (layer) {
        case Layer.Concat concat -> {
          join(concat);
          produced.add(concat.output().name());
        }
        case Layer.View view -> view(view);
        case Layer.Convolution _, Layer.MatrixProduct _ -> produced.add(layer.output().name());
        case Layer.Host _, LaneLayer _ -> {}
      }
    }

    private void join(Layer.Concat concat) {
      List<Part> places = new ArrayList<>();
      int channel = 0;
      boolean possible = new HashSet<>(concat.inputs()).size() == concat.inputs().size();
      for (Tensor t : concat.inputs()) {
        possible &= produced.contains(t.name()) && !parts.containsKey(t.name());
        possible &= channel % cols == 0 && (t.n() == 1 || !dense.contains(t.name()));
        places.add(new Part(concat.output().name(), channel, 0));
        channel += t.c();
      }
      if (possible) {
        free.add(concat.name());
        for (int i = 0; i < places.size(); i++) {
          parts.put(concat.inputs().get(i).name(), places.get(i));
        }
      }
    }

    private void view(Layer.View view) {
      Tensor in = view.input();
      Tensor out = view.output();
      int taken = view.channels();
      boolean possible = view.firstChannel() % cols == 0;
      if (out.n() == in.n()) {
        possible &= taken % cols == 0 || view.firstChannel() + taken == in.c();
      } else {
        Part part = parts.get(in.name());
        boolean whole = taken == in.c() && (part == null || part.imageChannels() == in.c());
        possible &= taken % cols == 0 && out.c() % cols == 0 && (in.n() == 1 || whole);
      }
      if (possible) {
        free.add(view.name());
        int step = out.n() == in.n() ? 0 : out.c();
        parts.put(out.name(), new Part(in.name(), view.firstChannel(), step));
      }
    }
  }

  /** Why a view cannot be read where it lies. */
  public static String refusal(Layer.View view) {
    return "channels from %d on, %d of an image, do not fill whole blocks of the array's columns"
        .formatted(view.firstChannel(), view.output().c());
  }
}
