// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.rtl.registers.Register;
import lockstep.rtl.registers.Register.Access;
import lockstep.rtl.registers.Register.Field;
import lockstep.rtl.registers.RegisterMap;

/** The registers of a systolic machine. Counters come last, in the order of their enumeration. */
public final class SystolicRegisters {
  static final String CONTROL = "control";
  static final String STATUS = "status";
  static final String PROGRAM_ADDRESS = "program_address";
  static final String PROGRAM_BYTES = "program_bytes";
  static final String IDENTITY = "identity";

  private static final int IDENTITY_DIGITS = 8;
  private static final int COUNTERS = 0x100;
  private static final int COUNTER_BYTES = 8;
  private static final int BYTES = 0x1000;

  private static final RegisterMap LAYOUT = map("", 0);

  private SystolicRegisters() {}

  /** The map of one machine; all machines differ only in {@code identity}. */
  public static RegisterMap of(SystolicArchitecture architecture) {
    return map(architecture.name(), Long.parseLong(identity(architecture), 16));
  }

  /** Offset of a register, the same in all machines. */
  static int offset(String register) {
    return LAYOUT.register(register).offset();
  }

  /** Offset of the first counter; the others follow, 8 bytes each. */
  static int counters() {
    return COUNTERS;
  }

  private static RegisterMap map(String machine, long identity) {
    List<Register> registers = new ArrayList<>();
    registers.add(
        new Register(
            CONTROL,
            0x000,
            32,
            List.of(
                new Field(
                    "start",
                    0,
                    1,
                    Access.PULSE,
                    0,
                    "starts the program, clears status and counters; ignored while busy")),
            "starts the machine"));
    registers.add(
        new Register(
            STATUS,
            0x004,
            32,
            List.of(
                status(0, "busy", "a run was asked for or goes on"),
                status(1, "done", "the last run came to its HALT"),
                status(2, "fault", "conflict or bus_error"),
                status(
                    3,
                    "conflict",
                    "a run read, or wrote, two rows of one memory bank in the same cycle"),
                status(4, "bus_error", "a run got an AXI4 response other than OKAY")),
            "state of the last run"));
    registers.add(
        Register.whole(
            PROGRAM_ADDRESS,
            0x008,
            32,
            Access.READ_WRITE,
            0,
            "byte address of the first instruction, a multiple of 4096; not to be written while"
                + " busy"));
    registers.add(
        Register.whole(
            PROGRAM_BYTES,
            0x00c,
            32,
            Access.READ_WRITE,
            0,
            "bytes of the program's stream, HALT included; not to be written while busy"));
    registers.add(
        Register.whole(
            IDENTITY,
            0x010,
            32,
            Access.CONSTANT,
            identity,
            "the first 32 bits of the machine's hash, as in the Verilog files' first lines"));
    for (SystolicCounter c : SystolicCounter.values()) {
      registers.add(
          Register.whole(
              Counters.signal(c),
              COUNTERS + COUNTER_BYTES * c.ordinal(),
              64,
              Access.READ,
              0,
              c.meaning()));
    }
    return new RegisterMap(Top.NAME, "Lockstep systolic machine " + machine, BYTES, registers);
  }

  /** The value of {@code identity}, in hexadecimal. */
  static String identity(SystolicArchitecture architecture) {
    return SystolicVerilog.identity(architecture).substring(0, IDENTITY_DIGITS);
  }

  private static Field status(int bit, String name, String meaning) {
    return new Field(name, bit, 1, Access.READ, 0, meaning);
  }
}
