// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import java.util.Map;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;

/**
 * The greatest codes of windows.
 *
 * @param input what the windows slide over
 */
record GreatestKernel(Placement input, Window window) implements VectorKernel {
  @Override
  public String description() {
    return "greatest of %dx%d pixels".formatted(window.kernelH(), window.kernelW());
  }

  @Override
  public List<Operand.Pixels> inputs() {
    return List.of(Operand.Pixels.same(input, Halo.of(window), Byte.MIN_VALUE));
  }

  @Override
  public byte[] constants() {
    return new byte[0];
  }

  @Override
  public Map<Register, Integer> fixed() {
    return Map.of();
  }

  @Override
  public Code prepare(Region constants) {
    return Code.NOTHING;
  }

  @Override
  public Register codes(Body body, int vector, Sources sources) {
    Register greatest = sources.load(body, 0, 0, 0, vector);
    for (int tap = 1; tap < window.kernelH() * window.kernelW(); tap++) {
      int line = tap / window.kernelW() * window.dilationH();
      int column = tap % window.kernelW() * window.dilationW();
      greatest = body.lanes("greater", greatest, sources.load(body, 0, line, column, vector));
    }
    return greatest;
  }
}
