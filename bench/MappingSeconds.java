// SPDX-License-Identifier: Apache-2.0
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lockstep.arch.SpecLoader;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.network.Network;
import lockstep.compiler.systolic.SystolicCompiler;

/**
 * CPU seconds, of all threads of a virtual machine that has not done it before, from a quantised
 * network to programs: all mappings, and the memory plan and the instructions with them.
 *
 * <p>Arguments: model, machine file, overrides of the spec. Prints the seconds.
 */
final class MappingSeconds {
  public static void main(String[] arguments) {
    List<String> overrides = List.of(arguments).subList(2, arguments.length);
    var machine =
        (SystolicArchitecture) SpecLoader.load(Path.of(arguments[1]), overrides).architecture();
    Network network =
        ModelCompiler.network(
                ModelSource.of(arguments[0], Map.of()), QuantisationOptions.defaults())
            .network();
    var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long before = process.getProcessCpuTime();
    SystolicCompiler.compile(network, machine, "");
    System.out.printf(Locale.ROOT, "%.2f%n", (process.getProcessCpuTime() - before) / 1e9);
  }
}
