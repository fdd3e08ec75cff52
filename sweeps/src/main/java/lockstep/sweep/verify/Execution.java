// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Placement;
import lockstep.compiler.program.Program;
import lockstep.sim.RunResult;

/**
 * A compiled model run with values: its programs in the simulator, its host layers on the host, all
 * on one off-chip memory.
 *
 * @param stretches the programs, each with the memory it started from, and their runs
 * @param outputs bytes of the network's outputs in n, c, h, w order, by tensor
 */
public record Execution(List<Stretch> stretches, Map<String, byte[]> outputs) {

  /** A program with the memory that it started from. */
  public record Stretch(Program program, RunResult run) {}

  /**
   * Runs a model.
   *
   * @param inputs bytes in n, c, h, w order, by tensor
   */
  public static Execution of(
      DeviceUnderTest device, CompiledModel model, Map<String, byte[]> inputs) {
    long size = model.programs().stream().mapToLong(Program::memoryBytes).max().orElse(0);
    for (Placement each : model.placements().values()) {
      size = Math.max(size, each.base() + each.imageStride() * each.tensor().n());
    }
    byte[] memory = new byte[Math.toIntExact(size)];
    for (Tensor each : model.network().inputs()) {
      placement(model, each).write(Objects.requireNonNull(inputs.get(each.name())), memory);
    }
    var stretches = new ArrayList<Stretch>();
    for (CompiledModel.Step step : model.steps()) {
      switch (step) {
        case CompiledModel.Accelerator accelerator -> {
          var program = accelerator.program().on(memory);
          var run = device.simulate(program);
          byte[] after = Objects.requireNonNull(run.memory());
          System.arraycopy(after, 0, memory, 0, Math.min(after.length, memory.length));
          stretches.add(new Stretch(program, run));
        }
        case CompiledModel.OnHost(var layer, _) -> {
          var operands = new ArrayList<byte[]>();
          for (Tensor each : layer.inputs()) {
            operands.add(placement(model, each).read(memory));
          }
          placement(model, layer.output()).write(Interpreter.run(layer, operands), memory);
        }
      }
    }
    Map<String, byte[]> outputs = new LinkedHashMap<>();
    for (Tensor each : model.network().outputs()) {
      outputs.put(each.name(), placement(model, each).read(memory));
    }
    return new Execution(List.copyOf(stretches), outputs);
  }

  /** Inputs drawn evenly from all bytes. */
  public static Map<String, byte[]> drawnInputs(CompiledModel model, long seed) {
    var random = new SplittableRandom(seed);
    Map<String, byte[]> inputs = new LinkedHashMap<>();
    for (Tensor each : model.network().inputs()) {
      inputs.put(each.name(), drawn(each, random));
    }
    return inputs;
  }

  private static byte[] drawn(Tensor tensor, SplittableRandom random) {
    byte[] bytes = new byte[Math.toIntExact(tensor.bytes())];
    Tensor.Raw raw = tensor.raw();
    if (raw == null) {
      random.nextBytes(bytes);
      return bytes;
    }
    int elements = bytes.length / raw.element().bytes();
    long[] values = random.longs(elements, 0, raw.below()).toArray();
    return new Constant.Integers(raw.element(), Shape.of(elements), values).bytes();
  }

  private static Placement placement(CompiledModel model, Tensor tensor) {
    return Objects.requireNonNull(model.placements().get(tensor.name()), tensor.name());
  }
}
