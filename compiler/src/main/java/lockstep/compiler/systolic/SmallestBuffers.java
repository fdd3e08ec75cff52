// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;
import java.util.function.BiFunction;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Accumulator;
import lockstep.arch.systolic.SystolicArchitecture.Scratchpad;
import lockstep.compiler.program.Placement;

/**
 * The smallest buffers in which every layer of a network has a mapping: one buffer alone where that
 * is enough, else both. A larger buffer never fits less, so the sizes are found by bisection.
 */
final class SmallestBuffers {
  private static final int MOST_ROWS = 1 << 20;
  private static final long MOST_BYTES = 1 << 30;

  private final List<Layer> layers;

  SmallestBuffers(List<Layer> layers) {
    this.layers = layers;
  }

  /** What has to fit. */
  record Layer(Contraction contraction, List<Placement> sources) {}

  /** The buffer of {@code a} that is too small, and the size that would do for all layers. */
  String text(SystolicArchitecture a) {
    int scratchpad = leastRows(a, mostScratchpad(a), SmallestBuffers::scratchpad);
    if (scratchpad > 0) {
      return "the scratchpad of %d bytes is too small; scratchpad.capacity_bytes: %d would do"
          .formatted(
              a.scratchpad().capacityBytes(),
              scratchpad(a, scratchpad).scratchpad().capacityBytes());
    }
    int accumulator = leastRows(a, mostAccumulator(a), SmallestBuffers::accumulator);
    if (accumulator > 0) {
      return "the accumulator of %d bytes is too small; accumulator.capacity_bytes: %d would do"
          .formatted(
              a.accumulator().capacityBytes(),
              accumulator(a, accumulator).accumulator().capacityBytes());
    }
    SystolicArchitecture wide = scratchpad(a, mostScratchpad(a));
    accumulator = leastRows(wide, mostAccumulator(a), SmallestBuffers::accumulator);
    if (accumulator == 0) {
      return "no scratchpad and accumulator that this family can have are large enough; run a model"
          + " with smaller windows";
    }
    SystolicArchitecture deep = accumulator(a, accumulator);
    scratchpad = leastRows(deep, mostScratchpad(a), SmallestBuffers::scratchpad);
    return ("scratchpad and accumulator are too small; scratchpad.capacity_bytes: %d with"
            + " accumulator.capacity_bytes: %d would do")
        .formatted(
            scratchpad(deep, scratchpad).scratchpad().capacityBytes(),
            deep.accumulator().capacityBytes());
  }

  /** The fewest rows a bank that do, 0 if even {@code most} do not. */
  private int leastRows(
      SystolicArchitecture a,
      int most,
      BiFunction<SystolicArchitecture, Integer, SystolicArchitecture> resized) {
    if (!fit(resized.apply(a, most))) {
      return 0;
    }
    int enough = most;
    int few = 0;
    while (enough - few > 1) {
      int middle = few + (enough - few) / 2;
      if (fit(resized.apply(a, middle))) {
        enough = middle;
      } else {
        few = middle;
      }
    }
    return enough;
  }

  private boolean fit(SystolicArchitecture a) {
    MappingSearch search = new MappingSearch(a, List.of(), null);
    return layers.stream()
        .allMatch(
            each ->
                search.fits(
                    each.contraction(), each.sources(), Room.empty(a.scratchpad().banks())));
  }

  private static int mostScratchpad(SystolicArchitecture a) {
    return most(a.scratchpad().banks(), a.scratchpad().widthBytes());
  }

  private static int mostAccumulator(SystolicArchitecture a) {
    return most(a.accumulator().banks(), a.accumulator().widthBytes());
  }

  private static int most(int banks, int widthBytes) {
    return (int) Math.min(MOST_ROWS / banks, MOST_BYTES / banks / widthBytes);
  }

  private static SystolicArchitecture scratchpad(SystolicArchitecture a, int rowsPerBank) {
    Scratchpad s = a.scratchpad();
    return with(
        a,
        new Scratchpad((long) rowsPerBank * s.banks() * s.widthBytes(), s.banks(), s.widthBytes()),
        a.accumulator());
  }

  private static SystolicArchitecture accumulator(SystolicArchitecture a, int rowsPerBank) {
    Accumulator s = a.accumulator();
    return with(
        a,
        a.scratchpad(),
        new Accumulator(
            (long) rowsPerBank * s.banks() * s.widthBytes(), s.banks(), s.widthBytes()));
  }

  private static SystolicArchitecture with(
      SystolicArchitecture a, Scratchpad scratchpad, Accumulator accumulator) {
    return new SystolicArchitecture(
        a.name(),
        a.array(),
        scratchpad,
        accumulator,
        a.postProcessing(),
        a.dma(),
        a.queues(),
        a.memory(),
        a.clockMhz(),
        a.technology());
  }
}
