// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.bench;

/** Clock, reset and the host on the AXI4-Lite port in {@link TestBench}. */
final class TestBenchHost {
  private TestBenchHost() {}

  static final String TEXT =
      """
      // Clock, reset and a host on the AXI4-Lite port.
      class Bench {
       public:
        V@TOP@ top;
        uint64_t run_cycle = 0;
        std::vector<uint64_t> retired[@UNIT_COUNT@];

        explicit Bench(const Options& o) : memory_(o), options_(o) {
          top.rst_n = 0;
          top.s_axi_bready = 1;
          top.s_axi_rready = 1;
      #if VM_TRACE
          if (!o.trace.empty()) {
            Verilated::traceEverOn(true);
            top.trace(&trace_, 99);
            trace_.open(o.trace.c_str());
          }
      #endif
          for (int i = 0; i < 4; i++) cycle();
          top.rst_n = 1;
          cycle();
        }

        ~Bench() {
      #if VM_TRACE
          if (!options_.trace.empty()) trace_.close();
      #endif
          top.final();
        }

        const std::vector<uint8_t>& memory() const { return memory_.contents; }

        // One cycle; true while the machine is busy in it.
        bool cycle() {
          if (run_cycle >= options_.max_cycles)
            stop("is still busy after " + std::to_string(run_cycle) + " cycles");
          if (now_ - run_cycle > kHostCycles)
            stop("does not answer its host within " + std::to_string(kHostCycles) + " cycles");
          memory_.drive(top, now_);
          top.clk = 0;
          top.eval();
          bool busy = top.busy;
          write_ready = top.s_axi_awready && top.s_axi_wready;
          read_ready = top.s_axi_arready;
          read_valid = top.s_axi_rvalid;
          read_data = top.s_axi_rdata;
          if (top.rst_n) memory_.observe(top, now_);
          if (busy) {
            if (top.retire)
              for (int unit = 0; unit < @UNIT_COUNT@; unit++)
                if (top.retire >> unit & 1) retired[unit].push_back(run_cycle);
            run_cycle++;
          }
          dump(busy, 0);
          top.clk = 1;
          top.eval();
          dump(busy, 5);
          now_++;
          return busy;
        }

        void write(uint32_t address, uint32_t value) {
          top.s_axi_awvalid = top.s_axi_wvalid = 1;
          top.s_axi_awaddr = address;
          top.s_axi_wdata = value;
          top.s_axi_wstrb = 15;
          do cycle();
          while (!write_ready);
          top.s_axi_awvalid = top.s_axi_wvalid = 0;
        }

        uint32_t read(uint32_t address) {
          top.s_axi_arvalid = 1;
          top.s_axi_araddr = address;
          do cycle();
          while (!read_ready);
          top.s_axi_arvalid = 0;
          do cycle();
          while (!read_valid);
          return read_data;
        }

       private:
        void dump(bool busy, int phase) {
      #if VM_TRACE
          if (busy && !options_.trace.empty() && run_cycle > options_.trace_from &&
              run_cycle <= options_.trace_to + 1)
            trace_.dump((run_cycle - 1) * 10 + phase);
      #else
          (void)busy;
          (void)phase;
      #endif
        }

        Memory memory_;
        const Options& options_;
        uint64_t now_ = 0;
        bool write_ready = false, read_ready = false, read_valid = false;
        uint32_t read_data = 0;
      #if VM_TRACE
        VerilatedVcdC trace_;
      #endif
      };

      """;
}
