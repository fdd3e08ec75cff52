// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.delivery;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lockstep.arch.Architecture;
import lockstep.rtl.Generator;
import lockstep.rtl.bench.TestBench;
import lockstep.rtl.memory.MultiportSram;
import lockstep.rtl.memory.Sram;
import lockstep.rtl.registers.RegisterManual;
import lockstep.rtl.registers.RegisterMap;
import lockstep.rtl.registers.RegisterRdl;
import lockstep.rtl.verilog.VerilogFiles;

/**
 * Everything that a hardware engineer gets of one machine, usable without Lockstep.
 *
 * <pre>
 *   README.md                    ports, start, memories, test bench
 *   Makefile                     lint, build, sim, waves, synth, clean
 *   MACHINE.core                 the same for FuseSoC
 *   registers.md registers.rdl   the AXI4-Lite registers, as Markdown and SystemRDL 2.0
 *   rtl/*.sv                     one module a file
 *   bench/test_bench.cpp         for Verilator
 *   example/                     a program, its memory, what the simulator says of it
 * </pre>
 */
public final class RtlPackage {
  private RtlPackage() {}

  /**
   * The files by their paths in the folder, with {@code /}.
   *
   * @param example a program compiled for the machine; without one {@code make sim} says so and
   *     fails
   */
  public static Map<String, byte[]> of(Architecture architecture, Optional<Example> example) {
    Generator generator = Generator.of(architecture);
    Map<String, String> verilog = generator.verilog();
    RegisterMap registers = generator.registers().map();
    List<String> sources = verilog.keySet().stream().map(name -> "rtl/" + name).toList();
    String bench = "bench/" + TestBench.FILE;
    var design =
        new Design(
            architecture.name(),
            generator.family(),
            generator.kind(),
            VerilogFiles.VERSION,
            generator.bench().top(),
            sources,
            Stream.of(Sram.NAME, MultiportSram.NAME)
                .map(name -> "rtl/" + name + ".sv")
                .filter(sources::contains)
                .toList(),
            bench);
    Map<String, byte[]> files = new LinkedHashMap<>();
    text(files, "README.md", generator.readMe());
    text(files, "Makefile", MakeFile.text(design, example));
    text(files, architecture.name() + ".core", CoreFile.text(design, example));
    text(files, "registers.md", RegisterManual.text(registers));
    text(files, "registers.rdl", RegisterRdl.text(registers));
    verilog.forEach((name, text) -> text(files, "rtl/" + name, text));
    text(files, bench, generator.bench().text(architecture.memory()));
    example.ifPresent(
        e -> {
          files.put(Example.IMAGE, e.image());
          text(files, Example.RESULT, e.result());
          files.put(Example.MEMORY, e.memory());
        });
    return files;
  }

  private static void text(Map<String, byte[]> files, String name, String text) {
    files.put(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
