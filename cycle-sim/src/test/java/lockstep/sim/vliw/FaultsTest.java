// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.SmallMachine.HALT;
import static lockstep.sim.vliw.SmallMachine.transfer;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that breaks a rule never ends as if it had not. */
class FaultsTest {
  private static void refused(SmallMachine small, String text, String message) {
    assertThatThrownBy(() -> small.run(text))
        .isInstanceOf(BundleFault.class)
        .hasMessageStartingWith("bundle " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // a load of 3 steps and a splat of 2 steps arrive together
        "{ load0: load to=1 }/{ vector: splat to=1 }/{ scalar: halt } | 1: two results arrive in vector register 1",
        "{ load0: load base=1, post=1; load1: load base=1, post=1, to=1 } | 0: two results arrive in scalar register 1",
        "{ load0: load base=1, post=1; scalar: li to=1, value=1 } | 0: two results arrive in scalar register 1",
        "{ load0: load to=1; load1: load to=1 } | 0: two results arrive in vector register 1",
        "{ load0: load step=119 } | 0: names word 120 of the 120",
        "{ }/{ } | 1: only the last bundle has halt",
        "{ scalar: pattern pattern=1, inner=2 }/{ store: store pattern=1, pieces=2 }/{ scalar: halt } | 1: writes word 0 twice",
        "{ scalar: pattern pattern=1, inner=3 } | 0: scalar, pattern: inner 3 is not from 1 to 2",
        "{ store: store pieces=3 } | 0: store, store: pieces 3 is not from 0 to 2",
        "{ vector: narrow min=3, max=2 } | 0: vector, narrow: min 3 is more than max 2",
        "{ vector: sums part=1 }/{ dma: set field=13 } | 1: dma, set: field 13 is not from 0 to 12",
        "{ dma: start direction=3 } | 0: dma, start: direction 3 is not from 0 to 2",
        "{ dma: start } | 0: starts a transfer of which count1 0 is not from 1 to 65535",
        "{ scalar: loop count=1, bundles=1 }/{ scalar: halt } | 0: its loop does not end before the bundle with halt",
        "{ scalar: loop count=0, bundles=1 }/{ } | 0: scalar, loop: count 0",
        "{ scalar: loop count=1, bundles=2 }/{ scalar: loop count=1, bundles=1 }/{ } | 1: its loop does not end before the loop around it, which ends in bundle 2",
        "{ scalar: loop count=1, bundles=5 }/{ scalar: loop count=1, bundles=3 }/{ }/{ scalar: loop count=1, bundles=1 }/{ }/{ } | 3: its loop does not end",
        "{ scalar: loop count=1, bundles=9 }/{ scalar: loop count=1, bundles=7 }/{ scalar: loop count=1, bundles=5 }/{ scalar: loop count=1, bundles=3 }/{ }/{ }/{ }/{ }/{ }/{ } | 3: 4 loops are open; the machine keeps 3",
        "{ scalar: halt; load0: load } | 0: has a load, a store or a start",
        "{ scalar: halt }/{ } | 0: only the last bundle has halt",
      })
  void byWhatItSays(String bundles, String message) {
    SmallMachine small = new SmallMachine();
    small.words = 120;
    String text = bundles.replace('/', '\n');
    refused(
        small,
        text.contains("halt") || message.contains("only") ? text : text + "\n" + HALT,
        message);
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 5, true", "1, 1, 5, false", "1, 2, 3, false"})
  void onlyDifferentQuartersArriveTogether(int first, int second, int loaded, boolean fine) {
    SmallMachine small = new SmallMachine();
    small.vectorSlots = 2;
    String narrow = "vector%d: narrow to=3, quarter=%d, from=1";
    String together = narrow.formatted(0, first) + "; " + narrow.formatted(1, second);
    // the load of the step before arrives with the quarters
    String text = "{ load0: load to=%d }\n{ %s }\n".formatted(loaded, together) + HALT;
    if (fine) {
      small.run(text);
    } else {
      refused(small, text, "1: two results arrive in vector register 3 in one step");
    }
  }

  @Test
  void byTheLoopThatDoesNotFit() {
    SmallMachine small = new SmallMachine();
    small.instructionMemory = 4;
    refused(
        small,
        "{ scalar: loop count=1, bundles=5 }\n" + SmallMachine.nops(5) + HALT,
        "0: the 5 bundles of its loop do not fit an instruction memory of 4");
  }

  @Test
  void byThePortsOfTheRegisters() {
    SmallMachine small = new SmallMachine();
    small.vectorWritePorts = 1;
    refused(
        small,
        "{ load0: load to=1 }\n{ vector: splat to=2 }\n" + HALT,
        "1: 2 results arrive in vector registers in one step through 1 ports");
    small.vectorWritePorts = 2;
    small.accumulatorReadPorts = 1;
    // the product of step 0 is added in step 2, in which sums are read, too
    refused(
        small,
        "{ matrix: multiply to=1, add=1 }\n{ vector: sums }\n{ vector: sums }\n" + HALT,
        "2: 2 accumulator registers are read in one step through 1 ports");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0, 4096, 508, 8 | 6: starts a transfer of which a run of 8 bytes at 508 leaves the 512 bytes of local memory",
        "1, 16380, 0, 8 | 6: starts a transfer of which a run of 8 bytes at 16380 leaves the 16384 bytes of off-chip memory",
        "0, 4096, 2, 8 | 6: starts a transfer of which bytes, an address or a step is no multiple of the 4 bytes",
        "0, 4096, 0, 0 | 6: starts a transfer of which bytes 0",
      })
  void byItsTransfers(String fields, String message) {
    String[] f = fields.split(", ");
    refused(
        new SmallMachine(),
        transfer(
                Integer.parseInt(f[0]),
                Integer.parseInt(f[1]),
                Integer.parseInt(f[2]),
                Integer.parseInt(f[3]))
            + HALT,
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | { load0: load step=15 } | 7: loads word 15, which an unfinished transfer moves",
        "1 | { store: store step=15, pieces=1 } | 7: stores word 15, which",
        "1 | { dma: start direction=0 } | 7: starts a transfer of word 0, which an unfinished one moves",
        "1 | { load0: load step=14 } | 9: only",
        "0 | { load0: load step=16 } | 9: only",
      })
  void byWhatATransferMovesMeanwhile(int direction, String then, String message) {
    String text = transfer(direction, 4096, 0, 64) + then + "\n";
    if (message.contains("only")) {
      new SmallMachine().run(text + HALT);
    } else {
      refused(new SmallMachine(), text + HALT, message);
    }
  }
}
