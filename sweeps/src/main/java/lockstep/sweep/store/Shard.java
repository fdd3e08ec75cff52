// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.store;

import java.util.regex.Pattern;
import lockstep.arch.UserError;

/**
 * One of several processes that share a study: it works on every trial whose index is {@code index
 * - 1} modulo {@code count}.
 *
 * @param index from 1 to {@code count}
 */
public record Shard(int index, int count) {
  /** A process that does the whole study. */
  public static final Shard WHOLE = new Shard(1, 1);

  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})/([0-9]{1,6})");

  /**
   * Reads {@code i/n}.
   *
   * @throws UserError when it is not of that form
   */
  public static Shard parse(String text) {
    var matcher = FORM.matcher(text);
    if (matcher.matches()) {
      var shard = new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      if (shard.index >= 1 && shard.index <= shard.count) {
        return shard;
      }
    }
    throw new UserError("--shard " + text + ": is not i/n with 1 <= i <= n; write for example 1/4");
  }

  /** Whether this process works on the trial of that index. */
  public boolean has(int trial) {
    return trial % count == index - 1;
  }

  /** Whether this process does the whole study. */
  public boolean whole() {
    return count == 1;
  }

  /** Name of the file that this process appends to. */
  public String file() {
    return whole() ? "trials.jsonl" : "trials." + index + ".jsonl";
  }
}
