// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import java.util.ArrayList;
import java.util.List;
import lockstep.rtl.registers.Register;
import lockstep.rtl.registers.Register.Access;
import lockstep.rtl.registers.Register.Field;
import lockstep.rtl.registers.RegisterMap;

/**
 * The registers of a machine: those that start it and tell its state, at the same offsets in all
 * families, then its counters.
 *
 * @param name of the map, an identifier
 * @param title of the map
 * @param identity of the machine, 8 hexadecimal digits
 * @param conflict what {@code status.conflict} says of a run, a phrase
 * @param counters in the order of their registers, at most 128
 */
public record MachineRegisters(
    String name, String title, String identity, String conflict, List<Counter> counters) {
  /** Writing 1 to its lowest bit starts the machine. */
  public static final String CONTROL = "control";

  /** The state of the machine and of its last run. */
  public static final String STATUS = "status";

  /** Where the program lies. */
  public static final String PROGRAM_ADDRESS = "program_address";

  /** How long the program is. */
  public static final String PROGRAM_BYTES = "program_bytes";

  /** The machine's {@link #identity}. */
  public static final String IDENTITY = "identity";

  /** Hexadecimal digits of an identity. */
  public static final int IDENTITY_DIGITS = 8;

  /** Offset of the first counter; the others follow, 8 bytes each. */
  public static final int COUNTERS = 0x100;

  private static final int COUNTER_BYTES = 8;
  private static final int MOST_COUNTERS = 128;
  private static final int BYTES = 0x1000;

  private static final RegisterMap LAYOUT = new MachineRegisters("", "", "0", "", List.of()).map();

  /** Checks that the counters' index holds them all. */
  public MachineRegisters {
    counters = List.copyOf(counters);
    if (counters.size() > MOST_COUNTERS) {
      throw new IllegalArgumentException(counters.size() + " counters");
    }
  }

  /** Offset of a register that is no counter, the same in all machines. */
  public static int offset(String register) {
    return LAYOUT.register(register).offset();
  }

  /** The map that Verilog, manual and SystemRDL are written from. */
  public RegisterMap map() {
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
                status(3, "conflict", conflict),
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
            Long.parseLong(identity, 16),
            "the first 32 bits of the machine's hash, as in the Verilog files' first lines"));
    for (int i = 0; i < counters.size(); i++) {
      Counter c = counters.get(i);
      registers.add(
          Register.whole(
              c.signal(), COUNTERS + COUNTER_BYTES * i, 64, Access.READ, 0, c.meaning()));
    }
    return new RegisterMap(name, title, BYTES, registers);
  }

  private static Field status(int bit, String name, String meaning) {
    return new Field(name, bit, 1, Access.READ, 0, meaning);
  }
}
