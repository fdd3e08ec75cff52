// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.bench;

/**
 * The off-chip memory of {@link TestBench}, as {@code docs/timing-contracts.md} describes it, with
 * checks of what AXI4 asks of its master.
 */
final class TestBenchMemory {
  private TestBenchMemory() {}

  static final String TEXT =
      """
      // The off-chip memory. In each cycle: drive() before the inputs are settled, observe() after.
      class Memory {
       public:
        std::vector<uint8_t> contents;

        Memory(const Options& o)
            : latency_(o.latency),
              bytes_(o.bytes),
              step_(o.bytes > kWidth ? o.bytes : kWidth),
              credit_(step_),
              random_(o.jitter * 0x9e3779b97f4a7c15ull),
              jitter_(o.jitter != 0) {
          FILE* f = std::fopen(o.image.c_str(), "rb");
          if (!f) fail("cannot read " + o.image);
          std::fseek(f, 0, SEEK_END);
          size_t size = std::ftell(f);
          std::rewind(f);
          contents.resize(o.memory > size ? o.memory : size);
          if (std::fread(contents.data(), 1, size, f) != size) fail("cannot read " + o.image);
          std::fclose(f);
        }

        void drive(V@TOP@& top, uint64_t now) {
          if (now && credit_ < step_) credit_ = credit_ + bytes_ < step_ ? credit_ + bytes_ : step_;
          top.m_axi_arready = !stalls();
          top.m_axi_awready = !stalls();
          top.m_axi_wready = credit_ >= kWidth && !stalls();
          top.m_axi_rvalid = 0;
          if (!reads_.empty() && !stalls()) {
            const Burst& b = reads_.front();
            uint64_t due = b.start + ((b.beat + 1) * step_ + bytes_ - 1) / bytes_ - 1;
            if (jitter_ ? due <= now : due == now) {
              uint64_t address = b.address + uint64_t(b.beat) * kWidth;
              uint8_t data[kWidth] = {0};
              if (address < contents.size()) {
                uint64_t left = contents.size() - address;
                std::memcpy(data, &contents[address], left < kWidth ? left : kWidth);
              }
              std::memcpy(&top.m_axi_rdata, data, kWidth);
              top.m_axi_rvalid = 1;
              top.m_axi_rid = b.id;
              top.m_axi_rlast = b.beat + 1 == b.beats;
            }
          }
          top.m_axi_bvalid = !responses_.empty() && responses_.front() <= now && !stalls();
        }

        void observe(V@TOP@& top, uint64_t now) {
          if (top.m_axi_rvalid && top.m_axi_rready && ++reads_.front().beat == reads_.front().beats)
            reads_.pop_front();
          if (top.m_axi_bvalid && top.m_axi_bready) responses_.pop_front();
          if (top.m_axi_arvalid && top.m_axi_arready) {
            Burst b;
            b.address = top.m_axi_araddr;
            b.beats = top.m_axi_arlen + 1u;
            b.id = top.m_axi_arid;
            b.start = now + 1 + latency_ > read_end_ ? now + 1 + latency_ : read_end_;
            read_end_ = b.start + (b.beats * step_ + bytes_ - 1) / bytes_;
            check(b);
            reads_.push_back(b);
          }
          if (top.m_axi_awvalid && top.m_axi_awready) {
            Burst b;
            b.address = top.m_axi_awaddr;
            b.beats = top.m_axi_awlen + 1u;
            check(b);
            writes_.push_back(b);
          }
          if (top.m_axi_wvalid && top.m_axi_wready) {
            credit_ -= kWidth;
            Beat beat;
            std::memcpy(beat.data, &top.m_axi_wdata, kWidth);
            std::memset(beat.strobe, 0, sizeof beat.strobe);
            std::memcpy(beat.strobe, &top.m_axi_wstrb, (kWidth + 7) / 8);
            beat.last = top.m_axi_wlast;
            beats_.push_back(beat);
          }
          while (!beats_.empty() && !writes_.empty()) {
            write(beats_.front(), now);
            beats_.pop_front();
          }
        }

       private:
        struct Burst {
          uint64_t address = 0, start = 0;
          unsigned beats = 0, beat = 0;
          uint8_t id = 0;
        };

        struct Beat {
          uint8_t data[kWidth];
          uint8_t strobe[(kWidth + 7) / 8];
          bool last;
        };

        void write(const Beat& beat, uint64_t now) {
          Burst& b = writes_.front();
          for (unsigned i = 0; i < kWidth; i++)
            if (beat.strobe[i / 8] >> (i % 8) & 1) {
              uint64_t address = b.address + uint64_t(b.beat) * kWidth + i;
              if (address >= contents.size())
                stop("writes to byte " + std::to_string(address) + ", beyond the memory");
              contents[address] = beat.data[i];
            }
          bool last = ++b.beat == b.beats;
          if (last != beat.last) stop("sends wlast with another beat than the last of its burst");
          if (last) {
            responses_.push_back(now + 1 + latency_);
            writes_.pop_front();
          }
        }

        void check(const Burst& b) {
          if (b.address % kWidth) stop("sends a burst that is not aligned to the port");
          if (b.address / 4096 != (b.address + uint64_t(b.beats) * kWidth - 1) / 4096)
            stop("sends a burst that crosses a multiple of 4096");
        }

        bool stalls() {
          if (!jitter_) return false;
          random_ ^= random_ << 13;
          random_ ^= random_ >> 7;
          random_ ^= random_ << 17;
          return (random_ & 3) == 0;
        }

        uint64_t latency_, bytes_, step_, credit_, read_end_ = 0, random_;
        bool jitter_;
        std::deque<Burst> reads_, writes_;
        std::deque<Beat> beats_;
        std::deque<uint64_t> responses_;
      };

      """;
}
