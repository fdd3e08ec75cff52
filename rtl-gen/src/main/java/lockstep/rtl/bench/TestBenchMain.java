// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.bench;

/** The run that {@link TestBench} makes, and the log of it. */
final class TestBenchMain {
  private TestBenchMain() {}

  static final String TEXT =
      """
      static void write_state(FILE* f, const Bench& bench) {
        std::fprintf(f, "cycles %llu\\n", (unsigned long long)bench.run_cycle);
        const char* const units[] = {@UNITS@};
        for (int unit = 0; unit < @UNIT_COUNT@; unit++) {
          std::fprintf(f, "retire %s", units[unit]);
          for (uint64_t cycle : bench.retired[unit]) std::fprintf(f, " %llu", (unsigned long long)cycle);
          std::fprintf(f, "\\n");
        }
      }

      static void run(const Options& options, Bench& bench, FILE* f) {
        bench.write(@PROGRAM_ADDRESS@, uint32_t(options.program));
        bench.write(@PROGRAM_BYTES@, uint32_t(options.program_bytes));
        bench.write(@CONTROL@, 1);
        while (!bench.cycle())
          ;
        while (bench.cycle())
          ;
        std::string counters;
        uint32_t status = bench.read(@STATUS@);
        for (unsigned i = 0; i < sizeof kCounters / sizeof *kCounters; i++) {
          uint64_t low = bench.read(@COUNTERS@ + 8 * i);
          uint64_t high = bench.read(@COUNTERS@ + 8 * i + 4);
          counters += std::string("counter ") + kCounters[i] + " " + std::to_string(high << 32 | low) + "\\n";
        }
        write_state(f, bench);
        std::fprintf(f, "status %u\\n%s", status, counters.c_str());
        if (!options.dump.empty()) {
          FILE* d = std::fopen(options.dump.c_str(), "wb");
          const std::vector<uint8_t>& m = bench.memory();
          if (!d || std::fwrite(m.data(), 1, m.size(), d) != m.size() || std::fclose(d))
            fail("cannot write " + options.dump);
        }
      }

      // Exit codes: 0 the program ran to its end, 4 the machine was stopped (the result says why and
      // what had retired), 2 anything else.
      int main(int argc, char** argv) {
        Options options(argc, argv);
        Bench bench(options);
        FILE* f = options.result.empty() ? stdout : std::fopen(options.result.c_str(), "w");
        if (!f) fail("cannot write " + options.result);
        int exit_code = 0;
        try {
          run(options, bench, f);
        } catch (const Stopped& stopped) {
          std::fprintf(stderr, "test bench: the machine %s\\n", stopped.why.c_str());
          write_state(f, bench);
          std::fprintf(f, "stopped %s\\n", stopped.why.c_str());
          exit_code = 4;
        }
        if (f != stdout && std::fclose(f)) fail("cannot write " + options.result);
        return exit_code;
      }
      """;
}
