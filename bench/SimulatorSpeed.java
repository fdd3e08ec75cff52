// SPDX-License-Identifier: Apache-2.0
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.arch.Architecture;
import lockstep.arch.MachineSpec;
import lockstep.arch.SpecLoader;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.program.Program;
import lockstep.rtl.Lockstep;
import lockstep.rtl.VerilatedModel;
import lockstep.sim.RunResult;
import lockstep.sim.systolic.SystolicSimulator;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.Target;
import lockstep.sweep.run.Workload;

/**
 * How fast the simulator is, timing only, and how fast the Verilated RTL of the same machine is on
 * the same program. Both must give the same cycles, retirements and counters, or this ends with 1.
 *
 * <p>Arguments: model, spec, folder for the Verilator build (or {@code -} for no RTL), runs to take
 * the median of, then overrides of the spec. Prints {@code key value} lines. Rates are per second of
 * CPU: of the simulating thread, of the whole JVM (compilation and collection too), and of the
 * Verilated process, the last from what Linux accounts to ended children.
 */
final class SimulatorSpeed {
  private static final int WARM_UP = 20;

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path build = Path.of(arguments[2]);
    int runs = Integer.parseInt(arguments[3]);
    MachineSpec spec =
        SpecLoader.load(
            Path.of(arguments[1]), List.of(arguments).subList(4, arguments.length));
    Architecture machine = spec.architecture();
    List<Program> programs =
        Target.of(spec)
            .compile(
                Workload.load(
                    arguments[0],
                    Path.of(""),
                    new Workload.Reading(
                        Map.of(),
                        List.of(),
                        1,
                        Pipeline.standard(),
                        Target.choices(spec))))
            .programs();

    for (int i = 0; i < WARM_UP; i++) {
      simulate(machine, programs);
    }
    var threads = ManagementFactory.getThreadMXBean();
    var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long[] nanos = new long[runs];
    long wholeBefore = process.getProcessCpuTime();
    List<RunResult> simulated = List.of();
    for (int i = 0; i < runs; i++) {
      long before = threads.getCurrentThreadCpuTime();
      simulated = simulate(machine, programs);
      nanos[i] = threads.getCurrentThreadCpuTime() - before;
    }
    double whole = (process.getProcessCpuTime() - wholeBefore) / 1e9 / runs;
    Arrays.sort(nanos);
    double median = nanos[runs / 2] / 1e9;
    long cycles = simulated.stream().mapToLong(RunResult::cycles).sum();
    print("cycles", cycles);
    print("instructions", programs.stream().mapToLong(Program::instructionCount).sum());
    print("thread_seconds", median);
    print("thread_rate", cycles / median);
    print("process_rate", cycles / whole);
    if (!arguments[2].equals("-")) {
      rtl(machine, programs, simulated, build, cycles);
    }
  }

  private static List<RunResult> simulate(Architecture machine, List<Program> programs) {
    return programs.stream().map(each -> simulate(machine, each)).toList();
  }

  private static RunResult simulate(Architecture machine, Program program) {
    return switch (machine) {
      case SystolicArchitecture systolic ->
          SystolicSimulator.run(systolic, program, false).result();
      case VliwArchitecture vliw -> VliwSimulator.run(vliw, program, false).result();
    };
  }

  private static void rtl(
      Architecture machine,
      List<Program> programs,
      List<RunResult> simulated,
      Path build,
      long cycles)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    double before = childrenSeconds();
    VerilatedModel model = VerilatedModel.build(machine, build);
    print("build_wall_seconds", (System.nanoTime() - start) / 1e9);
    print("build_seconds", childrenSeconds() - before);
    start = System.nanoTime();
    before = childrenSeconds();
    for (int i = 0; i < programs.size(); i++) {
      var result = model.run(programs.get(i), 2 * simulated.get(i).cycles(), null);
      var difference = Lockstep.compare(simulated.get(i), result, programs.get(i), machine);
      if (difference.isPresent()) {
        System.err.println("simulator and Verilog differ: " + difference.get().text());
        System.exit(1);
      }
    }
    double seconds = childrenSeconds() - before;
    print("rtl_wall_seconds", (System.nanoTime() - start) / 1e9);
    print("rtl_seconds", seconds);
    print("rtl_rate", cycles / seconds);
  }

  /** User and system seconds of all children that have ended, from fields 16 and 17 of proc(5). */
  private static double childrenSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    double ticksPerSecond = 100;
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / ticksPerSecond;
  }

  private static void print(String key, long value) {
    System.out.println(key + " " + value);
  }

  private static void print(String key, double value) {
    System.out.printf(java.util.Locale.ROOT, "%s %.6g%n", key, value);
  }
}
