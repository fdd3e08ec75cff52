// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.sim.vliw.BundleWork;
import lockstep.sim.vliw.RegisterTraffic;
import lockstep.sim.vliw.TransferTime;
import lockstep.sim.vliw.VliwRun;

/**
 * Actions of a run of a VLIW program that no counter counts: they follow from its bundles, from how
 * often each issued, and from its transfers.
 *
 * @param macs multiply-accumulates that the layers need
 * @param operations by {@code kind.mnemonic}
 * @param registers bits that operations read and write
 * @param bundles of the program; each is expanded once, however often it issues
 * @param streamBytes of these bundles in memory
 * @param bytesIn that transfers wrote to local memory, constants included
 * @param bytesOut that transfers read from local memory
 */
public record VliwWork(
    long macs,
    Map<String, Long> operations,
    RegisterTraffic registers,
    long bundles,
    long streamBytes,
    long bytesIn,
    long bytesOut) {
  public static final VliwWork NONE = new VliwWork(0, Map.of(), RegisterTraffic.NONE, 0, 0, 0, 0);

  public VliwWork plus(VliwWork other) {
    Map<String, Long> sum = new TreeMap<>(operations);
    other.operations.forEach((name, count) -> sum.merge(name, count, Long::sum));
    return new VliwWork(
        macs + other.macs,
        sum,
        registers.plus(other.registers),
        bundles + other.bundles,
        streamBytes + other.streamBytes,
        bytesIn + other.bytesIn,
        bytesOut + other.bytesOut);
  }

  /** How often the operation was issued. */
  public long count(String operation) {
    return operations.getOrDefault(operation, 0L);
  }

  /** The work of each layer of a run. */
  public static List<VliwWork> layers(VliwArchitecture machine, Program program, VliwRun run) {
    List<Layer> layers = new ArrayList<>();
    for (Program.LayerInfo each : program.layers()) {
      layers.add(new Layer(each.macs() + each.stripes().macsAgain()));
    }
    List<BundleWork> bundles = BundleWork.of(machine, program);
    for (int i = 0; i < bundles.size(); i++) {
      layers.get(program.layerOf()[i]).issued(bundles.get(i), run.issues()[i]);
    }
    for (TransferTime each : run.transfers()) {
      layers.get(program.layerOf()[each.bundle()]).moved(each);
    }
    return layers.stream().map(Layer::work).toList();
  }

  /** The work of one layer, as it is added up. */
  private static final class Layer {
    private final long macs;
    private final Map<String, Long> operations = new TreeMap<>();
    private RegisterTraffic registers = RegisterTraffic.NONE;
    private long bundles;
    private long streamBytes;
    private long bytesIn;
    private long bytesOut;

    Layer(long macs) {
      this.macs = macs;
    }

    void issued(BundleWork bundle, long times) {
      bundle.operations().forEach((name, n) -> operations.merge(name, n * times, Long::sum));
      registers = registers.plus(bundle.registers().times(times));
      bundles++;
      streamBytes += bundle.streamBytes();
    }

    void moved(TransferTime transfer) {
      if (transfer.out()) {
        bytesOut += transfer.bytes();
      } else {
        bytesIn += transfer.bytes();
      }
    }

    VliwWork work() {
      return new VliwWork(macs, operations, registers, bundles, streamBytes, bytesIn, bytesOut);
    }
  }
}
