// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.trial;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What identifies a trial: the resolved machine, the models' contents, the options that change
 * results, and the tool. Two trials with the same id have the same results.
 */
public final class TrialId {
  private static final int BYTES = 10;

  private TrialId() {}

  /**
   * The id, 20 hexadecimal digits.
   *
   * @param resolvedMachine the machine as text with every default filled in
   * @param modelHashes hash of each model, in order
   * @param options everything else that changes results, as text
   * @param tool identity of the tool's code
   */
  public static String of(
      String resolvedMachine, List<String> modelHashes, String options, String tool) {
    var digest = sha256();
    for (String part : List.of(resolvedMachine, String.join("\n", modelHashes), options, tool)) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  /** SHA-256 of bytes, in hexadecimal. */
  public static String hash(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
