// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.bench;

/** The beginning of {@link TestBench}: its options, and how it ends when something is wrong. */
final class TestBenchOptions {
  private TestBenchOptions() {}

  static final String TEXT =
      """
      #include <cstdint>
      #include <cstdio>
      #include <cstdlib>
      #include <cstring>
      #include <deque>
      #include <string>
      #include <vector>

      #include "V@TOP@.h"
      #include "verilated.h"
      #if VM_TRACE
      #include "verilated_vcd_c.h"
      #endif

      static const unsigned kWidth = @W@;
      // Cycles, those of runs left out, in which a host is done with all that it wants.
      static const uint64_t kHostCycles = 100000;
      static const char* const kCounters[] = {
      @NAMES@};

      static void fail(const std::string& message) {
        std::fprintf(stderr, "test bench: %s\\n", message.c_str());
        std::exit(2);
      }

      // The machine does what it may not do, or nothing more.
      struct Stopped {
        std::string why;
      };

      static void stop(const std::string& why) { throw Stopped{why}; }

      struct Options {
        std::string image, result, dump, trace;
        uint64_t program = 0, program_bytes = 0, memory = 0;
        uint64_t latency = @LATENCY@, bytes = @BYTES@, max_cycles = 1000000000ull;
        uint64_t trace_from = 0, trace_to = ~0ull, jitter = 0;

        Options(int argc, char** argv) {
          for (int i = 1; i < argc; i += 2) {
            std::string name = argv[i];
            if (i + 1 == argc) fail(name + " needs a value");
            std::string value = argv[i + 1];
            if (name == "--image") image = value;
            else if (name == "--result") result = value;
            else if (name == "--dump") dump = value;
            else if (name == "--trace") trace = value;
            else if (name == "--program-address") program = number(name, value);
            else if (name == "--program-bytes") program_bytes = number(name, value);
            else if (name == "--memory-bytes") memory = number(name, value);
            else if (name == "--latency") latency = number(name, value);
            else if (name == "--bytes-per-cycle") bytes = number(name, value);
            else if (name == "--max-cycles") max_cycles = number(name, value);
            else if (name == "--trace-from") trace_from = number(name, value);
            else if (name == "--trace-to") trace_to = number(name, value);
            else if (name == "--jitter") jitter = number(name, value);
            else fail("unknown option " + name);
          }
          if (image.empty() || program_bytes == 0)
            fail("--image FILE --program-address A --program-bytes N are needed; also --memory-bytes,"
                 " --latency, --bytes-per-cycle, --result, --dump, --max-cycles, --trace, --trace-from,"
                 " --trace-to, --jitter SEED (an AXI system that stalls at random)");
          if (bytes == 0) fail("--bytes-per-cycle must be at least 1");
        }

        static uint64_t number(const std::string& name, const std::string& value) {
          char* end = nullptr;
          uint64_t n = std::strtoull(value.c_str(), &end, 0);
          if (value.empty() || *end) fail(name + " is not a number: " + value);
          return n;
        }
      };

      """;
}
