// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

/** Bits read from register files and written to them. */
public record RegisterTraffic(
    long scalarRead,
    long scalarWritten,
    long vectorRead,
    long vectorWritten,
    long accumulatorRead,
    long accumulatorWritten) {
  public static final RegisterTraffic NONE = new RegisterTraffic(0, 0, 0, 0, 0, 0);

  public RegisterTraffic plus(RegisterTraffic other) {
    return new RegisterTraffic(
        scalarRead + other.scalarRead,
        scalarWritten + other.scalarWritten,
        vectorRead + other.vectorRead,
        vectorWritten + other.vectorWritten,
        accumulatorRead + other.accumulatorRead,
        accumulatorWritten + other.accumulatorWritten);
  }

  public RegisterTraffic times(long count) {
    return new RegisterTraffic(
        count * scalarRead,
        count * scalarWritten,
        count * vectorRead,
        count * vectorWritten,
        count * accumulatorRead,
        count * accumulatorWritten);
  }
}
