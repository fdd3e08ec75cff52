// SPDX-License-Identifier: Apache-2.0

/**
 * The machines. A module, so that {@code sealed interface Architecture} may permit records that
 * live in their family's package.
 */
@SuppressWarnings("module") // the automatic module names of the libraries
module lockstep.arch {
  requires static org.jspecify;
  requires tools.jackson.databind;
  requires org.snakeyaml.engine;
  requires com.networknt.schema;

  exports lockstep.arch;
  exports lockstep.arch.quantisation;
  exports lockstep.arch.systolic;
  exports lockstep.arch.technology;
  exports lockstep.arch.vliw;
}
