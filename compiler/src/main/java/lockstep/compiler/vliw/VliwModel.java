// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import lockstep.compiler.program.CompiledModel;

/**
 * A network compiled for a VLIW machine.
 *
 * @param kernels the loops of its programs, each once, in the order of its layers
 */
public record VliwModel(CompiledModel model, List<Kernel> kernels) {
  public VliwModel {
    kernels = List.copyOf(kernels);
  }
}
