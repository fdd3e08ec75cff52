// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lockstep.arch.Architecture;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.isa.systolic.SystolicSymbols;
import lockstep.isa.vliw.BundleManual;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.VliwIsa;
import lockstep.isa.vliw.VliwSymbols;

/**
 * The instruction-set package of a machine: manual, C header and SystemVerilog decode package, all
 * from the one table.
 */
public final class IsaPackage {
  private IsaPackage() {}

  /** Contents of the package's files by file name. */
  public static Map<String, String> files(Architecture architecture) {
    return switch (architecture) {
      case SystolicArchitecture a ->
          files(SystolicIsa.of(a), SystolicSymbols.parameters(a), SystolicSymbols.counters());
      case VliwArchitecture a -> files(a);
    };
  }

  /** A manual of the whole, and headers and decode packages of the slots of each kind. */
  private static Map<String, String> files(VliwArchitecture a) {
    BundleSet bundles = VliwIsa.of(a);
    Map<String, String> files = new LinkedHashMap<>();
    files.put("manual.md", BundleManual.of(bundles, VliwSymbols.parameters(a), List.of()));
    for (BundleSet.Slot slot : bundles.slots()) {
      if (slot.index() == 0) {
        InstructionSet operations = slot.operations().named(a.name() + "_" + slot.kind().word());
        files.put(CHeader.fileName(operations), CHeader.of(operations, List.of(), List.of()));
        files.put(
            VerilogDecodePackage.packageName(operations) + ".sv",
            VerilogDecodePackage.of(operations, List.of()));
      }
    }
    return files;
  }

  /**
   * Writes the package into {@code folder}, making it if need be. Each file is whole or not there.
   *
   * @return the files written
   * @throws UserError if the folder cannot be written
   */
  public static List<Path> write(Architecture architecture, Path folder) {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> file : files(architecture).entrySet()) {
        Path part = folder.resolve("." + file.getKey() + ".part-" + UUID.randomUUID());
        try {
          Files.writeString(part, file.getValue());
          Files.move(part, folder.resolve(file.getKey()), StandardCopyOption.REPLACE_EXISTING);
        } finally {
          Files.deleteIfExists(part);
        }
      }
      return files(architecture).keySet().stream().map(folder::resolve).toList();
    } catch (IOException e) {
      throw FileFailure.unwritable(folder, e);
    }
  }

  private static Map<String, String> files(
      InstructionSet isa, List<Symbol> parameters, List<Symbol> counters) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("manual.md", IsaManual.of(isa, parameters, counters));
    files.put(CHeader.fileName(isa), CHeader.of(isa, parameters, counters));
    files.put(
        VerilogDecodePackage.packageName(isa) + ".sv", VerilogDecodePackage.of(isa, counters));
    return files;
  }
}
