// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import lockstep.arch.FileFailure;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers why it could not be written, which a {@link java.io.PrintWriter}
 * keeps to itself. A reader that has seen enough ({@code | head}) is no failure.
 */
final class ResultStream extends FilterOutputStream {
  private @Nullable IOException failure;

  ResultStream(OutputStream out) {
    super(out);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  /** Why results were lost; empty when none were, or nobody wants them any more. */
  Optional<String> lost() {
    return Optional.ofNullable(failure)
        .filter(each -> !String.valueOf(each.getMessage()).contains("Broken pipe"))
        .map(FileFailure::words);
  }
}
